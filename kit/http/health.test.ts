import { expect, test } from 'bun:test';
import { awakeMs } from '@parley/testing/time/awake';
import { createHealth, type Probe } from '../process/health.ts';
import { healthRoutes } from './health.ts';

const ask = async (path: string, probes: Record<string, Probe> = {}, isReady = true, needs: string[] = []) => {
  const health = createHealth(probes, { needs });
  health.isReady = isReady;
  const response = await healthRoutes('chat', health).handle(new Request(`http://localhost${path}`));
  return { status: response.status, body: await response.json() };
};

test('/health is 200 while the process lives, with the state of each backing service', async () => {
  const away = () => Promise.reject(new Error('connection refused'));
  const failing = () => {
    throw new Error('failed at once');
  };
  expect(await ask('/health', { redis: () => 'connected', database: away, minio: failing })).toEqual({
    status: 200,
    body: {
      status: 'healthy',
      service: 'chat-service',
      redis: 'connected',
      database: 'unavailable',
      minio: 'unavailable',
    },
  });
});

test('a probe that hangs is given up, and the request answered', async () => {
  const start = awakeMs();
  const hanging = () => new Promise<string>(() => undefined);
  const { body } = await ask('/health', { database: hanging, redis: hanging });
  expect(body).toMatchObject({ database: 'unavailable', redis: 'unavailable' });
  expect(awakeMs() - start).toBeLessThan(4_000);
});

test('/ready is 503 while starting or stopping', async () => {
  expect(await ask('/ready', {}, true)).toEqual({ status: 200, body: { ready: true } });
  expect(await ask('/ready', {}, false)).toEqual({ status: 503, body: { ready: false } });
});

test('/ready is 503 while a needed store is away, whatever the state of other stores', async () => {
  const readyWith = async (database: Probe) =>
    (await ask('/ready', { database, redis: () => 'unavailable' }, true, ['database'])).status;
  expect(await readyWith(() => 'connected')).toBe(200);
  expect(await readyWith(() => 'embedded')).toBe(200);
  expect(await readyWith(() => 'unavailable')).toBe(503);
  expect(await readyWith(() => Promise.reject(new Error('read-only')))).toBe(503);
  expect(await readyWith(() => new Promise<string>(() => undefined))).toBe(503);
});
