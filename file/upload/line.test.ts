/** Many uploads at once: a burst waits its turn, and nobody who sends slowly keeps others out. */

import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { connect, type Socket } from 'node:net';
import type { RunningService } from '@parley/kit/process/run';
import { eventually } from '@parley/testing/time/eventually';
import { openEmbedded, type Stores, startReady } from '../testing/backends.ts';
import { readMetrics, refusalOf } from '../testing/client.ts';

let stores: Stores;
let service: RunningService;
let sockets: Socket[];

beforeEach(async () => {
  stores = await openEmbedded();
  sockets = [];
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await service.stop();
  await stores.close();
});

const start = async (env: Record<string, string> = {}): Promise<void> => {
  service = await startReady({ ...stores.env, ...env });
};

const upload = (userId: string, address = '203.0.113.1', bytes = 100): Promise<Response> => {
  const body = new FormData();
  body.set('file', new File(['x'.repeat(bytes)], 'a.txt'));
  const headers = { 'x-forwarded-for': address };
  return fetch(`${service.url}/upload?uploaded_by=${userId}`, { method: 'POST', body, headers });
};

const statusesOf = async (answers: Promise<Response>[]): Promise<number[]> =>
  (await Promise.all(answers)).map(({ status }) => status);

const uploading = async (): Promise<number> =>
  Number(/parley_file_uploading\{[^}]*\} (\d+)/.exec(await readMetrics(service))?.[1]);

/** Announces an upload of `bytes` bytes, sends only its beginning, and resolves with the answer, if one comes. */
const dribble = (userId: string, address = '203.0.113.66', bytes = 9_000_000): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
    sockets.push(socket);
    socket.on('data', (data) => resolve(data.toString()));
    socket.on('error', () => undefined);
    const head = `POST /upload?uploaded_by=${userId} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: ${address}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: ${bytes}\r\n\r\n`;
    socket.write(`${head}--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nx`);
  });

describe('a burst of uploads', () => {
  test('of many people in the same second is taken, all of it', async () => {
    await start();
    const answers = Array.from({ length: 60 }, (_, number) => upload(`user${number}`));
    expect(new Set(await statusesOf(answers))).toEqual(new Set([201]));
  });

  test('of one person is taken, one after another', async () => {
    await start({ MAX_UPLOADS: '2' });
    expect(new Set(await statusesOf(Array.from({ length: 40 }, () => upload('alice'))))).toEqual(new Set([201]));
  });

  test('beyond the line is refused with a time to wait, and another person is not', async () => {
    await start({ MAX_UPLOADS: '4', MAX_UPLOADS_WAITING: '16' });
    void dribble('alice');
    await eventually(async () => expect(await uploading()).toBe(1));
    // One person has one of the four places, and two in the line.
    const answers = Array.from({ length: 6 }, () => upload('alice', '203.0.113.66'));
    expect((await upload('bob', '203.0.113.66')).status).toBe(201);
    const refused = await Promise.any(
      answers.map(async (answer) => ((await answer).status === 503 ? answer : Promise.reject(new Error('taken')))),
    );
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await refusalOf(refused))[1]).toBe('overloaded');
    for (const socket of sockets) socket.destroy();
    expect((await statusesOf(answers)).toSorted()).toEqual([201, 201, 503, 503, 503, 503]);
  });
});

describe('a sender who sends a byte now and then', () => {
  test('keeps no other out, neither from elsewhere nor from the same address', async () => {
    await start({ MAX_UPLOADS: '8', UPLOAD_MEMORY_BYTES: '83886080' });
    for (let count = 0; count < 30; count += 1) void dribble('mallory');
    // A quarter of the places is all that one person gets, and one of 20 MiB is a quarter of the memory.
    await eventually(async () => expect(await uploading()).toBe(1));
    expect((await upload('bob', '203.0.113.66')).status).toBe(201);
    expect((await upload('carol', '203.0.113.1', 6_000_000)).status).toBe(201);
    expect(await uploading()).toBe(1);
  });

  test('keeps no other out under many names either', async () => {
    await start({ MAX_UPLOADS: '8' });
    for (let count = 0; count < 30; count += 1) void dribble(`mallory${count}`);
    await eventually(async () => expect(await uploading()).toBe(4));
    expect((await upload('bob', '203.0.113.1')).status).toBe(201);
  });

  test('is cut off in the end, which gives the place to the next', async () => {
    await start({ MAX_UPLOADS: '1', UPLOAD_TIMEOUT_MS: '1000' });
    const dribbled = dribble('mallory');
    await eventually(async () => expect(await uploading()).toBe(1));
    const next = upload('bob');
    const answer = await dribbled;
    expect(answer).toStartWith('HTTP/1.1 408');
    expect(answer).toContain('"code":"too_slow"');
    expect((await next).status).toBe(201);
  });

  test('and one who goes away in the line is forgotten', async () => {
    await start({ MAX_UPLOADS: '1', MAX_UPLOADS_WAITING: '8' });
    void dribble('mallory');
    await eventually(async () => expect(await uploading()).toBe(1));
    void dribble('alice', '203.0.113.1', 1_000);
    const waiting = async () =>
      Number(/parley_file_uploads_waiting\{[^}]*\} (\d+)/.exec(await readMetrics(service))?.[1]);
    await eventually(async () => expect(await waiting()).toBe(1));
    sockets[1]?.destroy();
    await eventually(async () => expect(await waiting()).toBe(0));
  });
});
