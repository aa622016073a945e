/** The API as a whole: its document is complete, no input breaks it, and a secret closes it. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createIdentity } from '@parley/kit/identity/identity';
import type { RunningService } from '@parley/kit/process/run';
import { incompleteness } from '@parley/testing/openapi/complete';
import { addressesOf, documentedAddressesOf } from '@parley/testing/openapi/contract';
import { readDocument } from '@parley/testing/openapi/document';
import { type FuzzReport, fuzzOpenApi } from '@parley/testing/openapi/fuzz';
import { describeWith } from '@parley/testing/servers/servers';
import fc from 'fast-check';
import * as contract from './contract.ts';
import { backends, openEmbedded, type Stores, startReady } from './testing/backends.ts';
import { createClient } from './testing/client.ts';
import { png } from './testing/samples.ts';

const RUNS = 100;

const statusesOf = (report: FuzzReport, endpoint: string): number[] => Object.keys(report[endpoint] ?? {}).map(Number);

/** A good form, to be broken at any byte. */
const FORM = Buffer.concat([
  Buffer.from(
    '--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n',
  ),
  png(8, 8),
  Buffer.from('\r\n--b--\r\n'),
]);

const damage = (form: Buffer, [at, bytes]: readonly [number, Uint8Array]) =>
  Buffer.concat([form.subarray(0, at), bytes, form.subarray(at + bytes.length)]);

/** Whole, cut off, and not what it says it is: no draw leaves one of the answers out. */
const examples: [Buffer][] = [
  [FORM],
  [FORM.subarray(0, -10)],
  [damage(FORM, [FORM.indexOf('PNG'), Buffer.from('GNP')])],
];

const damagedForm = fc
  .record({
    edits: fc.array(fc.tuple(fc.nat(FORM.length), fc.uint8Array({ maxLength: 6 })), { maxLength: 4 }),
    cutAt: fc.oneof(fc.constant(FORM.length), fc.nat(FORM.length)),
  })
  .map(({ edits, cutAt }) => edits.reduce(damage, FORM).subarray(0, cutAt));

for (const backend of backends) {
  describeWith(backend.needs, `the API of file on ${backend.name}`, () => {
    let stores: Stores;
    let service: RunningService;
    beforeAll(async () => {
      stores = await backend.open();
      service = await startReady(stores.env);
    });
    afterAll(async () => {
      await service.stop();
      await stores.close();
    });

    test('generated requests, good and bad, get no 5xx and no undocumented success', async () => {
      const report = await fuzzOpenApi(service.url, { runs: RUNS });
      // The generator makes valid and invalid uploads: some were stored, some rejected.
      expect(statusesOf(report, 'POST /upload')).toContain(201);
      expect(statusesOf(report, 'POST /upload')).toContain(415);
      expect(statusesOf(report, 'POST /upload')).toContain(422);
      expect(statusesOf(report, 'GET /files')).toContain(200);
      expect(statusesOf(report, 'GET /files')).toContain(422);
      expect(statusesOf(report, 'GET /{id}/download')).toContain(404);
    });

    test('a form that is damaged at any byte is taken or refused, and nothing else', async () => {
      const statuses = new Set<number>();
      const headers = { 'content-type': 'multipart/form-data; boundary=b' };
      await fc.assert(
        fc.asyncProperty(damagedForm, async (form) => {
          const signal = AbortSignal.timeout(20_000);
          const answer = await fetch(`${service.url}/upload`, {
            method: 'POST',
            headers,
            body: new Uint8Array(form),
            signal,
          });
          statuses.add(answer.status);
          expect([201, 415, 422]).toContain(answer.status);
          expect(await answer.json()).toBeObject();
        }),
        { numRuns: 200, examples },
      );
      expect([...statuses].sort()).toEqual([201, 415, 422]);
    });

    test('the document describes every parameter, body, answer and error, with examples', async () => {
      const document = await readDocument(service.url);
      expect(Object.keys(document.paths)).toContain('/{id}/download');
      expect(incompleteness(document)).toEqual([]);
    });

    test('it serves what its contract names, and nothing else', async () => {
      expect(documentedAddressesOf(await readDocument(service.url))).toEqual(addressesOf(contract));
    });
  });
}

describe('with AUTH_SECRET set', () => {
  const secret = 'a secret of at least thirty-two characters';
  const identity = createIdentity(secret);
  let stores: Stores;
  let service: RunningService;
  beforeAll(async () => {
    stores = await openEmbedded();
    service = await startReady({ ...stores.env, AUTH_SECRET: secret });
  });
  afterAll(async () => {
    await service.stop();
    await stores.close();
  });

  const as = async (userId: string) => ({ authorization: `Bearer ${await identity.sign(userId, 60)}` });

  const uploadAs = (userId: string, headers: Record<string, string>): Promise<Response> => {
    const body = new FormData();
    body.set('file', new File(['hello'], 'a.txt'));
    return fetch(`${service.url}/upload?uploaded_by=${userId}`, { method: 'POST', body, headers });
  };

  const uploadOf = async (userId: string) =>
    createClient(() => service.url, await identity.sign(userId, 60)).upload('hello', 'a.txt', '', {
      uploaded_by: userId,
    });

  test('one uploads as oneself only', async () => {
    expect((await uploadAs('alice', await as('alice'))).status).toBe(201);
    expect((await uploadAs('alice', await as('mallory'))).status).toBe(403);
    expect((await uploadAs('alice', {})).status).toBe(401);
    expect((await uploadAs('anonymous', {})).status).toBe(401);
  });

  test('everyone who is someone may read, nobody else', async () => {
    const { id } = await uploadOf('alice');
    for (const path of ['/files', `/${id}`, `/${id}/download`]) {
      expect((await fetch(service.url + path)).status).toBe(401);
      expect((await fetch(service.url + path, { headers: await as('bob') })).status).toBe(200);
    }
    expect((await fetch(`${service.url}/${id}/thumbnail`)).status).toBe(401);
  });

  test("one deletes one's own files only, and another's answers as an absent one", async () => {
    const { id } = await uploadOf('alice');
    const remove = async (file: string, userId: string, headers: Record<string, string>) => {
      const answer = await fetch(`${service.url}/${file}?user_id=${userId}`, { method: 'DELETE', headers });
      return [answer.status, await answer.json()];
    };
    const mallory = await as('mallory');
    expect(await remove(id, 'mallory', mallory)).toEqual(await remove(crypto.randomUUID(), 'mallory', mallory));
    expect((await remove(id, 'mallory', mallory))[0]).toBe(404);
    expect((await remove(id, 'alice', mallory))[0]).toBe(403);
    expect((await remove(id, 'alice', {}))[0]).toBe(401);
    expect((await remove(id, 'alice', await as('alice')))[0]).toBe(200);
  });

  test('chat deletes a file for the author of its message, whose file it must be', async () => {
    const { id } = await uploadOf('alice');
    const headers = await identity.serviceHeaders('chat');
    const remove = (userId: string) => fetch(`${service.url}/${id}?user_id=${userId}`, { method: 'DELETE', headers });
    expect((await remove('mallory')).status).toBe(404);
    expect((await remove('alice')).status).toBe(200);
    expect((await remove('alice')).status).toBe(404);
  });
});
