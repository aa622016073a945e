/** What holds while a store is away: nothing acknowledged is lost, nothing hangs, everything comes back by itself. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { RunningService } from '@parley/kit/process/run';
import {
  describeWith,
  type MinioServer,
  startMinio,
  startPostgres,
  type TestServer,
} from '@parley/testing/servers/servers';
import { awakeMs } from '@parley/testing/time/awake';
import { eventually } from '@parley/testing/time/eventually';
import type { FileView } from './files/rules.ts';
import { startReady } from './testing/backends.ts';
import { createClient, refusalOf } from './testing/client.ts';
import * as samples from './testing/samples.ts';

const LONGEST_REQUEST_MS = 5_000;
const SENDERS = 3;
const MAX_FILE_BYTES = 40_000_000;

const formOf = (content: string | Uint8Array<ArrayBuffer>): FormData => {
  const form = new FormData();
  form.set('file', new File([content], 'a.txt'));
  return form;
};

/** Uploads files one after another until stopped, each until it is acknowledged, and reads earlier ones again. */
const startTraffic = (service: RunningService, room: string) => {
  const acknowledged = new Map<string, string>();
  const statuses = new Set<number>();
  let longestMs = 0;
  let isStopped = false;

  const timed = async (path: string, init?: RequestInit): Promise<Response> => {
    const start = awakeMs();
    const answer = await fetch(service.url + path, init);
    longestMs = Math.max(longestMs, awakeMs() - start);
    statuses.add(answer.status);
    return answer;
  };

  const uploadUntilTaken = async (content: string): Promise<void> => {
    for (;;) {
      const answer = await timed(`/upload?room_id=${room}`, { method: 'POST', body: formOf(content) });
      const { id }: { id?: unknown } = await answer.json();
      if (answer.status === 201) return void acknowledged.set(String(id), content);
      await Bun.sleep(20);
    }
  };
  const readAgain = async (): Promise<void> => {
    const [id, content] = [...acknowledged].at(Math.floor(Math.random() * acknowledged.size)) ?? [];
    if (!id) return;
    const answer = await timed(`/${id}/download`);
    const text = await answer.text();
    if (answer.status === 200) expect(text).toBe(content ?? '');
  };
  const send = async (sender: number): Promise<void> => {
    for (let number = 0; !isStopped; number += 1) {
      await uploadUntilTaken(`${room} ${sender} ${number}`);
      await readAgain();
    }
  };
  const senders = Promise.all(Array.from({ length: SENDERS }, (_, sender) => send(sender)));
  return {
    acknowledged,
    sawFailures: () => statuses.has(503),
    /** Waits until so many more are acknowledged. */
    flow: (more: number) => {
      const wanted = acknowledged.size + more;
      return eventually(() => expect(acknowledged.size).toBeGreaterThanOrEqual(wanted), { timeoutMs: 25_000 });
    },
    stop: async () => {
      isStopped = true;
      await senders;
      return { statuses: [...statuses].sort(), longestMs };
    },
  };
};

describeWith(['postgres', 'minio'], 'a store of file away', () => {
  let postgres: TestServer;
  let minio: MinioServer;
  let service: RunningService;

  beforeAll(async () => {
    [postgres, minio] = await Promise.all([startPostgres(), startMinio()]);
    service = await startReady({
      DATABASE_URL: postgres.url,
      MINIO_ENDPOINT: minio.endpoint,
      MINIO_ACCESS_KEY: minio.accessKey,
      MINIO_SECRET_KEY: minio.secretKey,
      STORAGE_TIMEOUT_MS: '3000',
      MAX_FILE_BYTES: String(MAX_FILE_BYTES),
      WHOLE_DOWNLOAD_BYTES: '1000000',
    });
  });
  afterAll(async () => {
    await service.stop();
    await Promise.all([postgres.close(), minio.close()]);
  });

  const client = createClient(() => service.url);
  const healthOf = async (field: string): Promise<string | undefined> => (await client.health())[field];

  const listAll = async (room: string): Promise<FileView[]> => {
    const all: FileView[] = [];
    for (;;) {
      const page = await client.listOf(room, { limit: 200, before: all.at(-1)?.id });
      if (page.length === 0) return all;
      all.push(...page);
    }
  };

  const servers: Record<string, { server: () => TestServer; field: string }> = {
    MinIO: { server: () => minio, field: 'minio' },
    Postgres: { server: () => postgres, field: 'postgres' },
  };
  const faults: Record<string, { fail(server: TestServer): unknown; recover(server: TestServer): unknown }> = {
    stopped: { fail: (server) => server.stop(), recover: (server) => server.start() },
    killed: { fail: (server) => server.kill(), recover: (server) => server.start() },
    frozen: { fail: (server) => server.pause(), recover: (server) => server.resume() },
  };

  for (const [name, { server, field }] of Object.entries(servers)) {
    for (const [how, { fail, recover }] of Object.entries(faults)) {
      test(`${name} ${how} and back under traffic: what was acknowledged is there, and no request hung`, async () => {
        const room = `${name}-${how}`;
        await eventually(async () => expect(await healthOf(field)).toBe('connected'));
        const traffic = startTraffic(service, room);
        await traffic.flow(10);
        await fail(server());
        await eventually(() => expect(traffic.sawFailures()).toBeTrue());
        await eventually(async () => expect(await healthOf(field)).toBe('unavailable'));
        await recover(server());
        await traffic.flow(10);
        const { statuses, longestMs } = await traffic.stop();

        expect(statuses.filter((status) => ![200, 201, 503].includes(status))).toEqual([]);
        expect(longestMs).toBeLessThan(LONGEST_REQUEST_MS);
        const stored = new Set((await listAll(room)).map(({ id }) => id));
        for (const [id, content] of traffic.acknowledged) {
          expect(stored.has(id)).toBeTrue();
          expect(await (await fetch(`${service.url}/${id}/download`)).text()).toBe(content);
        }
      });
    }
  }

  test('a deletion while a store is away is refused, and completed by the same request later', async () => {
    await eventually(async () => expect(await healthOf('minio')).toBe('connected'));
    for (const server of [minio, postgres]) {
      const { id } = await client.upload('to be gone');
      const remove = () => fetch(`${service.url}/${id}?user_id=anonymous`, { method: 'DELETE' });
      await server.stop();
      expect((await remove()).status).toBe(503);
      await server.start();
      await eventually(async () => expect((await remove()).status).toBe(200));
      expect((await fetch(`${service.url}/${id}/download`)).status).toBe(404);
      expect((await remove()).status).toBe(404);
    }
  });

  test('a store that freezes in the middle of a transfer ends it, both ways', async () => {
    await eventually(async () => expect(await healthOf('minio')).toBe('connected'));
    const content = samples.text(MAX_FILE_BYTES) as Buffer<ArrayBuffer>;
    const upload = () => fetch(`${service.url}/upload`, { method: 'POST', body: formOf(content) });
    const { id } = await client.upload(content);
    const download = await fetch(`${service.url}/${id}/download`);
    const reader = download.body?.getReader();
    let received = (await reader?.read())?.value?.length ?? 0;
    minio.pause();
    const start = awakeMs();
    const rest = (async () => {
      for (;;) {
        const piece = await reader?.read();
        if (!piece || piece.done) return 'whole';
        received += piece.value.length;
      }
    })().catch(() => 'broken off');
    const [ending, refusal] = await Promise.all([rest, upload()]);
    const tookMs = awakeMs() - start;
    minio.resume();
    expect(received).toBeLessThan(MAX_FILE_BYTES);
    expect(ending).toBe('broken off');
    expect(refusal.status).toBe(503);
    expect(tookMs).toBeLessThan(LONGEST_REQUEST_MS);
    await eventually(async () => expect((await fetch(`${service.url}/${id}`)).status).toBe(200));
    const again = await fetch(`${service.url}/${id}/download`);
    expect(Buffer.from(await again.arrayBuffer()).equals(content)).toBeTrue();
  });
});

describeWith(['minio'], 'file started while its store is away', () => {
  test('answers, says so, and takes files when the store is there', async () => {
    const minio = await startMinio();
    await minio.stop();
    const { endpoint, accessKey, secretKey } = minio;
    const keys = { MINIO_ENDPOINT: endpoint, MINIO_ACCESS_KEY: accessKey, MINIO_SECRET_KEY: secretKey };
    const service = await startReady({ ...keys, DATABASE_URL: 'pglite:memory', MINIO_BUCKET: 'late-bucket' });
    const upload = () => fetch(`${service.url}/upload`, { method: 'POST', body: formOf('hello') });
    const { health } = createClient(() => service.url);
    expect(await health()).toMatchObject({ status: 'healthy', minio: 'unavailable', bucket: 'late-bucket' });
    expect((await refusalOf(upload())).slice(0, 2)).toEqual([503, 'storage_unavailable']);
    await minio.start();
    await eventually(async () => expect((await upload()).status).toBe(201));
    await eventually(async () => expect(await health()).toMatchObject({ minio: 'connected' }));
    await service.stop();
    await minio.close();
  });
});
