/** For tests: the service on a free port with given stores, and a small client of its API. */
import * as api from '@parley/client/api/notification';
import type { Endpoint } from '@parley/client/endpoint';
import { ParleyError } from '@parley/client/error';
import { createHttp, type ObservedCall } from '@parley/client/http';
import { newEmbeddedUrl } from '@parley/testing/servers/embedded';
import { freshDatabase, startRedis } from '@parley/testing/servers/servers';
import { startNotification } from '../main.ts';
import type { NewNotification } from '../notifications/rules.ts';

export const embeddedStores = () => ({
  DATABASE_URL: newEmbeddedUrl(),
  REDIS_URL: `memory:notification-test-${crypto.randomUUID()}`,
});

/** What a service stands on. */
export interface Stores {
  readonly env: { DATABASE_URL: string; REDIS_URL: string };
  close(): Promise<void>;
}

export const openEmbedded = async (): Promise<Stores> => ({ env: embeddedStores(), close: async () => undefined });

export const openReal = async (): Promise<Stores> => {
  const [database, redis] = await Promise.all([freshDatabase(), startRedis()]);
  return {
    env: { DATABASE_URL: database.url, REDIS_URL: redis.url },
    close: async () => {
      await database.drop();
      await redis.close();
    },
  };
};

interface Answer<T> {
  readonly status: number;
  readonly body: T;
}

/** Sends one request that the typed calls can't express, such as an invalid one. @param path from the service's root, encoded */
const requester =
  (url: string) =>
  async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<unknown>> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  };

const CALL_TIMEOUT_MS = 60_000;

/** Calls operations of the contract. @returns the status too. @throws {ParleyError} when the service refuses */
const caller =
  (url: string) =>
  async <Args extends object, Result>(
    endpoint: Endpoint<Args, Result>,
    args: NoInfer<Args>,
    headers: Record<string, string> = {},
  ): Promise<Answer<Result>> => {
    let status = 0;
    const observe = (observed: ObservedCall) => {
      status = observed.status;
    };
    const body = await createHttp({ urls: { notification: url }, observe })(endpoint, args, {
      headers,
      timeoutMs: CALL_TIMEOUT_MS,
    });
    return { status, body };
  };

/** The refusal of a call. @throws when the call was not refused */
export const refusalOf = async (call: Promise<Answer<unknown>>): Promise<ParleyError> => {
  const outcome = await call.catch((error: unknown) => error);
  if (outcome instanceof ParleyError && outcome.status > 0) return outcome;
  throw new Error(`The call was not refused: ${outcome instanceof Error ? outcome : JSON.stringify(outcome)}`);
};

export const startTestService = async (env: Record<string, string>, clock?: () => number) => {
  const service = startNotification(
    { PORT: '0', METRICS_PORT: '0', LOG_LEVEL: 'silent', SHUTDOWN_TIMEOUT_MS: '500', ...env },
    clock,
  );
  await service.ready;
  const call = caller(service.url);
  return {
    url: service.url,
    stop: service.stop,
    send: requester(service.url),
    call,
    create: (asked: Partial<NewNotification> = {}, key?: string) =>
      call(api.createNotification, {
        ...{ user_id: 'alice', title: 'Hello', body: 'How are you?', ...asked },
        'idempotency-key': key,
      }),
    list: (userId: string, page: Omit<api.ListNotificationsArgs, 'user_id'> = {}) =>
      call(api.listNotifications, { user_id: userId, ...page }),
    countUnread: async (userId: string) =>
      (await call(api.countUnreadNotifications, { user_id: userId })).body.unread_count,
    read: (id: string) => call(api.markNotificationRead, { id }),
    readAll: (userId: string) => call(api.markAllNotificationsRead, { id: userId }),
    readRoom: (userId: string, roomId: string, upTo: number) =>
      call(api.markRoomNotificationsRead, { id: userId, room_id: roomId, up_to: upTo }),
    remove: (id: string) => call(api.deleteNotification, { id }),
    health: async () => (await call(api.readHealth, {})).body,
    /** The sum of a metric's series whose labels include the text. */
    metric: async (name: string, labels = '') => {
      const lines = (await (await fetch(service.metricsUrl ?? '')).text()).split('\n');
      return lines
        .filter((line) => line.startsWith(`${name}{`) && line.includes(labels))
        .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
    },
  };
};

export type TestService = Awaited<ReturnType<typeof startTestService>>;
