/**
 * A Postgres that turns read-only under all services that use it: first the server itself, then a fenced primary whose sessions stay open
 * after a failover. No request gets a 500, no service that can't write is ready, and everything recovers by itself.
 */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { startChat } from '@parley/chat/main';
import { startFile } from '@parley/file/main';
import type { RunningService } from '@parley/kit/process/run';
import { startNotification } from '@parley/notification/main';
import { openSwitch, type Switch } from '@parley/testing/network/switch';
import { newFolder } from '@parley/testing/run/run-folder';
import { execute, query } from '@parley/testing/servers/postgres';
import { type Standby, startPrimary, startStandby } from '@parley/testing/servers/postgres.standby';
import { describeWith, startPostgres, type TestServer } from '@parley/testing/servers/servers';
import { eventually } from '@parley/testing/time/eventually';
import { startWeb } from '@parley/web/main';

const CALL_INTERVAL_MS = 50;

type Services = Record<'chat' | 'notification' | 'file' | 'web', RunningService>;

const startServices = async (DATABASE_URL: string): Promise<Services> => {
  const common = { PORT: '0', LOG_LEVEL: 'silent', SHUTDOWN_TIMEOUT_MS: '1000', DATABASE_URL };
  const REDIS_URL = `memory:read-only-${crypto.randomUUID()}`;
  const notification = startNotification({ ...common, REDIS_URL, CREATIONS_PER_SECOND: '1000' });
  const NOTIFICATION_URL = notification.url;
  const chat = startChat({ ...common, REDIS_URL, NOTIFICATION_URL });
  const file = startFile({ ...common, STORAGE_DIR: newFolder('read-only') });
  const web = startWeb({ ...common, CHAT_URL: chat.url, NOTIFICATION_URL, FILE_URL: file.url });
  const services = { chat, notification, file, web };
  await Promise.all(Object.values(services).map(({ ready }) => ready));
  return services;
};

const post = (url: string, body: object): Promise<Response> =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

/** One write through the API of each service that has one, by name. */
const writesOf = ({ chat, notification, file }: Services): Record<string, () => Promise<Response>> => ({
  message: () =>
    post(`${chat.url}/rooms/general/messages`, { user_id: 'ann', content: 'x', client_id: crypto.randomUUID() }),
  notification: () =>
    post(`${notification.url}/notifications`, { user_id: crypto.randomUUID(), title: 'Hello', body: 'there' }),
  upload: () => {
    const body = new FormData();
    body.set('file', new File(['some text'], 'text.txt'));
    return fetch(`${file.url}/upload?uploaded_by=${crypto.randomUUID()}`, { method: 'POST', body });
  },
});

/** Repeats the writes until `stop`. */
const startTraffic = (services: Services) => {
  const faults: string[] = [];
  const stored: string[] = [];
  const latest = new Map<string, number>();
  let isStopped = false;

  const take = async (name: string, response: Response): Promise<void> => {
    const body: { id?: string; code?: string } = await response.json();
    latest.set(name, response.status);
    if (response.status === 201) stored.push(`${body.id}`);
    else if (response.status !== 503 || body.code !== 'storage_unavailable' || !response.headers.get('retry-after'))
      faults.push(`${name}: ${response.status} ${JSON.stringify(body)}`);
  };
  const repeat = async (name: string, write: () => Promise<Response>) => {
    for (; !isStopped; await Bun.sleep(CALL_INTERVAL_MS)) await take(name, await write());
  };
  const all = Object.entries(writesOf(services)).map(([name, write]) => repeat(name, write));

  return {
    faults,
    stored,
    /** Resolves when the latest answer to every write is this one. */
    allAnswer: (status: number) =>
      eventually(() => expect([...latest.values()]).toEqual(Object.keys(writesOf(services)).map(() => status)), {
        timeoutMs: 20_000,
      }),
    stop: async () => {
      isStopped = true;
      await Promise.all(all);
    },
  };
};

const readinessOf = async (services: Services): Promise<number[]> =>
  Promise.all(Object.values(services).map(async ({ url }) => (await fetch(`${url}/ready`)).status));

const allReady = (services: Services, status: number) =>
  eventually(async () => expect(await readinessOf(services)).toEqual([status, status, status, status]), {
    timeoutMs: 20_000,
  });

const setReadOnly = (url: string, word: 'on' | 'off') =>
  execute(
    url,
    'set default_transaction_read_only = off',
    `alter system set default_transaction_read_only = ${word}`,
    'select pg_reload_conf()',
  );

describeWith(['postgres', 'faults'], 'a Postgres that turns read-only and back', () => {
  let database: TestServer;
  let services: Services | undefined;
  beforeAll(async () => {
    database = await startPostgres();
    services = await startServices(database.url);
  });
  afterAll(async () => {
    await Promise.all(Object.values(services ?? {}).map((service) => service.stop()));
    await database?.close();
  });

  test('is 503 for writes and for readiness while that lasts, reads go on, and all of it heals', async () => {
    if (!services) throw new Error('The services did not start');
    const traffic = startTraffic(services);
    for (let round = 0; round < 2; round += 1) {
      await traffic.allAnswer(201);
      await allReady(services, 200);
      await setReadOnly(database.url, 'on');
      await traffic.allAnswer(503);
      await allReady(services, 503);
      expect((await fetch(`${services.chat.url}/rooms/general/messages`)).status).toBe(200);
      expect((await fetch(`${services.file.url}/files`)).status).toBe(200);
      await setReadOnly(database.url, 'off');
    }
    await traffic.allAnswer(201);
    await allReady(services, 200);
    await traffic.stop();
    expect(traffic.faults).toEqual([]);
  });
});

describeWith(['standby', 'faults'], 'a primary that was fenced, whose sessions live on', () => {
  let primary: TestServer;
  let standby: Standby;
  let address: Switch;
  let services: Services | undefined;
  beforeAll(async () => {
    primary = await startPrimary();
    address = await openSwitch(primary.url);
    const url = new URL(primary.url);
    url.port = String(address.port);
    services = await startServices(url.href);
    standby = await startStandby(primary);
  });
  afterAll(async () => {
    await Promise.all(Object.values(services ?? {}).map((service) => service.stop()));
    address?.close();
    await Promise.all([primary, standby].map((server) => server?.close()));
  });

  test('is left for the promoted standby, where everything is that was acknowledged', async () => {
    if (!services) throw new Error('The services did not start');
    const traffic = startTraffic(services);
    await traffic.allAnswer(201);
    await setReadOnly(primary.url, 'on');
    await traffic.allAnswer(503);
    await allReady(services, 503);
    await standby.promote();
    address.leadTo(standby.url);
    await traffic.allAnswer(201);
    await allReady(services, 200);
    await traffic.stop();
    expect(traffic.faults).toEqual([]);
    const rows = await query(
      standby.url,
      'select id from chat.messages union all select id from notification.notifications union all select id from file.files',
    );
    expect(rows.map(({ id }) => id)).toEqual(expect.arrayContaining(traffic.stored));
  });
});
