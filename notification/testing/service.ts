/** For tests: the service on a free port with given stores, and a small client of its API. */
import { newEmbeddedUrl } from '@parley/testing/servers/embedded';
import { freshDatabase, startRedis } from '@parley/testing/servers/servers';
import { startNotification } from '../main.ts';
import type { NewNotification, Notification } from '../notifications/rules.ts';

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

export interface Answer<T = unknown> {
  readonly status: number;
  readonly body: T;
}

/** Sends one request. @param path from the service's root, encoded */
const requester =
  (url: string) =>
  async <T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer<T>> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as T };
  };

export const startTestService = async (env: Record<string, string>, clock?: () => number) => {
  const service = startNotification(
    { PORT: '0', METRICS_PORT: '0', LOG_LEVEL: 'silent', SHUTDOWN_TIMEOUT_MS: '500', ...env },
    clock,
  );
  await service.ready;
  const send = requester(service.url);
  const pathOf = (userId: string, rest = '') => `/notifications/${encodeURIComponent(userId)}${rest}`;
  return {
    url: service.url,
    stop: service.stop,
    send,
    create: (asked: Partial<NewNotification> = {}, key?: string) =>
      send<Notification>(
        'POST',
        '/notifications',
        { user_id: 'alice', title: 'Hello', body: 'How are you?', ...asked },
        key === undefined ? {} : { 'idempotency-key': key },
      ),
    list: (userId: string, query = '') => send<Notification[]>('GET', pathOf(userId, query)),
    countUnread: async (userId: string) =>
      (await send<{ unread_count: number }>('GET', pathOf(userId, '/unread-count'))).body.unread_count,
    read: (id: string) => send('PATCH', pathOf(id, '/read')),
    readAll: (userId: string) => send('PATCH', pathOf(userId, '/read-all')),
    readRoom: (userId: string, roomId: string, upTo: number | string) =>
      send('PATCH', pathOf(userId, `/read-room?room_id=${roomId}&up_to=${upTo}`)),
    remove: (id: string) => send('DELETE', pathOf(id)),
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
