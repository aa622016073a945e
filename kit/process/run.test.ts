/** The life of a service, in this process and in a separate one. */
import { afterEach, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { freePort } from '@parley/testing/servers/programs';
import { eventually } from '@parley/testing/time/eventually';
import { type AnyElysia, Elysia } from 'elysia';
import { healthRoutes } from '../http/health.ts';
import { createHealth } from './health.ts';
import { createLog } from './log.ts';
import { PortTaken, type RunningService, type Service, type ServiceDeps, startService } from './run.ts';

const running: RunningService[] = [];

afterEach(async () => {
  for (const service of running.splice(0)) await service.stop();
});

type StartOptions = Partial<ServiceDeps['config'] & Pick<Service, 'maxBodyBytes' | 'drain'>> &
  Partial<Pick<ServiceDeps, 'prepare'>> & { readonly close?: () => Promise<void> };

/** @param options.close of its store */
const start = (options: StartOptions = {}, routes: AnyElysia = new Elysia()): RunningService => {
  const { maxBodyBytes, drain, prepare, close = async () => undefined, ...config } = options;
  const health = createHealth();
  const service = startService({
    name: 'sample',
    config: { host: '127.0.0.1', port: 0, shutdownTimeoutMs: 20_000, ...config },
    log: createLog('test', 'silent'),
    service: {
      app: new Elysia().use(healthRoutes('sample', health)).use(routes),
      health,
      ...(maxBodyBytes === undefined ? {} : { maxBodyBytes }),
      ...(drain ? { drain } : {}),
    },
    stores: [{ close }],
    ...(prepare ? { prepare } : {}),
  });
  running.push(service);
  return service;
};

const statusOf = async (service: RunningService, path: string) => (await fetch(service.url + path)).status;

describe('A service', () => {
  test('answers /health while it prepares, and is ready afterwards', async () => {
    const prepared = Promise.withResolvers<void>();
    const service = start({ prepare: () => prepared.promise });
    expect([await statusOf(service, '/health'), await statusOf(service, '/ready')]).toEqual([200, 503]);
    prepared.resolve();
    await service.ready;
    expect(await statusOf(service, '/ready')).toBe(200);
  });

  test('that can’t prepare rejects `ready`', async () => {
    await expect(start({ prepare: () => Promise.reject(new Error('broken')) }).ready).rejects.toThrow('broken');
  });

  test('names the port that is taken', async () => {
    const { port } = start();
    expect(() => start({ port })).toThrow(PortTaken);
    expect(() => start({ port })).toThrow(`sample can't listen on 127.0.0.1:${port}: the port is taken`);
    expect(() => start({ port })).toThrow('choose another port by PORT');
  });

  test('refuses a body that is too large', async () => {
    const app = new Elysia().post('/text', () => 'taken');
    const service = start({ maxBodyBytes: 1_000 }, app);
    const post = (length: number) => fetch(`${service.url}/text`, { method: 'POST', body: 'x'.repeat(length) });
    expect((await post(1_000)).status).toBe(200);
    expect((await post(1_001)).status).toBe(413);
  });
});

describe('Stopping', () => {
  test('goes in order: not ready, drain, the last requests, close', async () => {
    const steps: string[] = [];
    const slow = Promise.withResolvers<string>();
    const asked = Promise.withResolvers<void>();
    const app = new Elysia().get('/slow', async () => {
      asked.resolve();
      const answer = await slow.promise;
      steps.push('answer');
      return answer;
    });
    const service: RunningService = start(
      {
        drain: async () => {
          steps.push(`drain, ready answers ${await statusOf(service, '/ready')}`);
          setTimeout(() => slow.resolve('finished'), 20);
        },
        close: async () => {
          steps.push('close');
        },
      },
      app,
    );
    await service.ready;
    const lastRequest = fetch(`${service.url}/slow`).then((response) => response.text());
    await asked.promise;
    expect(await statusOf(service, '/ready')).toBe(200);
    await Promise.all([service.stop(), service.stop()]);
    expect(steps).toEqual(['drain, ready answers 503', 'answer', 'close']);
    expect(await lastRequest).toBe('finished');
    await expect(fetch(service.url)).rejects.toThrow();
  });

  test('cuts off what takes too long, and closes the stores all the same', async () => {
    let isClosed = false;
    const service = start({
      shutdownTimeoutMs: 100,
      drain: () => new Promise(() => undefined),
      close: async () => {
        isClosed = true;
      },
    });
    await service.stop();
    expect(isClosed).toBeTrue();
  });

  test('during preparation is not a failure', async () => {
    const prepared = Promise.withResolvers<void>();
    const service = start({
      prepare: () => prepared.promise,
      close: async () => prepared.reject(new Error('closed while waiting')),
    });
    await service.stop();
    await service.ready;
  });
});

const SAMPLE = join(import.meta.dir, '../../testing/servers/sample-service.ts');

const spawnSample = (env: Record<string, string> = {}) =>
  Bun.spawn([process.execPath, SAMPLE], { env: { ...process.env, ...env }, stdout: 'pipe', stderr: 'pipe' });

/** The first log line of this event. */
const lineWith = async (stdout: ReadableStream<Uint8Array>, event: string): Promise<{ url: string }> => {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of stdout) {
    text += decoder.decode(chunk, { stream: true });
    const line = text.split('\n').find((candidate) => candidate.includes(`"event":"${event}"`));
    if (line) return JSON.parse(line);
  }
  throw new Error(`No event ${event} in: ${text}`);
};

describe('A process', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('on %s stops in order and exits 0', async (signal) => {
    const child = spawnSample();
    const { url } = await lineWith(child.stdout, 'ready');
    expect((await fetch(`${url}/ready`)).status).toBe(200);
    child.kill(signal);
    expect(await child.exited).toBe(0);
  });

  test('that is stopped while it waits for a store exits 0 too', async () => {
    const port = freePort();
    const child = spawnSample({ FAULT: 'prepare_waits', PORT: String(port) });
    await eventually(async () => expect((await fetch(`http://127.0.0.1:${port}/ready`)).status).toBe(503));
    child.kill('SIGTERM');
    expect(await child.exited).toBe(0);
  });

  test('with an invalid configuration prints all faults and exits 1', async () => {
    const child = spawnSample({ PORT: 'eighty', FAULT: 'some' });
    expect(await child.exited).toBe(1);
    const stderr = await new Response(child.stderr).text();
    expect(stderr).toStartWith('The configuration has 2 faults:\n');
    expect(stderr).toContain('PORT: got "eighty"');
    expect(stderr).toContain('FAULT: got "some"');
  });

  test('whose port is taken says which and exits 1', async () => {
    const { port } = start();
    const child = spawnSample({ PORT: String(port) });
    expect(await child.exited).toBe(1);
    expect(await new Response(child.stderr).text()).toContain(`127.0.0.1:${port}: the port is taken`);
    expect(() => start({ port })).toThrow('choose another port by PORT');
  });

  test('that can’t prepare logs why and exits 1', async () => {
    const child = spawnSample({ FAULT: 'prepare_fails' });
    expect(await child.exited).toBe(1);
    expect(await new Response(child.stdout).text()).toContain('the migration is broken');
  });
});
