/** What is given out again, and what is gone: the same on every pair of stores. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { RunningService } from '@parley/kit/process/run';
import { describeWith } from '@parley/testing/servers/servers';
import fc from 'fast-check';
import { backends, type Stores, startReady } from '../testing/backends.ts';
import { createClient, refusalOf } from '../testing/client.ts';
import { encodedText } from '../testing/encodings.ts';
import * as samples from '../testing/samples.ts';

const MAX_FILE_BYTES = 6_000_000;
const WHOLE_DOWNLOAD_BYTES = 1_000_000;

for (const backend of backends) {
  describeWith(backend.needs, `downloads of file on ${backend.name}`, () => {
    let stores: Stores;
    let service: RunningService;
    beforeAll(async () => {
      stores = await backend.open();
      service = await startReady({
        ...stores.env,
        MAX_FILE_BYTES: String(MAX_FILE_BYTES),
        WHOLE_DOWNLOAD_BYTES: String(WHOLE_DOWNLOAD_BYTES),
      });
    });
    afterAll(async () => {
      await service.stop();
      await stores.close();
    });

    const { ask, upload, remove, listOf } = createClient(() => service.url);

    const sizes = [1, 65_536, 5 * 1_024 * 1_024, MAX_FILE_BYTES];
    for (const size of sizes) {
      test(`a file of ${size} bytes comes back as it was`, async () => {
        const content = samples.text(size);
        const file = await upload(content);
        const response = await ask(`/${file.id}/download`);
        expect(response.status).toBe(200);
        // The server can't state the length of a stream, only of what is in memory or on its disk.
        const isStated = stores.env.STORAGE_DIR || size <= WHOLE_DOWNLOAD_BYTES;
        expect(response.headers.get('content-length')).toBe(isStated ? String(size) : null);
        expect(Buffer.from(await response.arrayBuffer()).equals(content)).toBeTrue();
      });
    }

    test('a text in any encoding and under any name comes back byte for byte, as text', async () => {
      const name = fc.constantFrom(
        'README.md',
        'table.csv',
        'main.py',
        'index.ts',
        'fix.patch',
        'app.log',
        'data.json',
      );
      await fc.assert(
        fc.asyncProperty(encodedText, name, async ({ label, bytes }, name) => {
          const file = await upload(bytes, name, name === 'table.csv' ? 'application/vnd.ms-excel' : 'video/mp2t');
          expect([file.content_type, file.size_bytes, file.original_name]).toEqual(['text/plain', bytes.length, name]);
          const answer = await ask(`/${file.id}/download`);
          const type = answer.headers.get('content-type') ?? '';
          expect(type).toMatch(/^text\/plain(; charset=utf-(8|16[lb]e))?$/);
          if (label.startsWith('utf')) expect(type).toEndWith(label);
          expect((await answer.bytes()).toHex()).toBe(bytes.toString('hex'));
        }),
        { numRuns: 60 },
      );
    });

    test('a range, a condition and HEAD are answered as HTTP has them', async () => {
      const file = await upload('0123456789');
      const path = `/${file.id}/download`;
      const part = await ask(path, { headers: { range: 'bytes=2-4' } });
      expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([206, 'bytes 2-4/10', '234']);
      expect(part.headers.get('content-length')).toBe('3');
      const behind = await ask(path, { headers: { range: 'bytes=10-' } });
      expect([behind.status, behind.headers.get('content-range')]).toEqual([416, 'bytes */10']);
      const whole = await ask(path);
      expect(await whole.text()).toBe('0123456789');
      expect(whole.headers.get('content-range')).toBeNull();
      expect(whole.headers.get('cache-control')).toBe('private, no-cache');
      expect(whole.headers.get('vary')).toBe('Origin, HX-Request');
      const etag = whole.headers.get('etag') ?? '';
      const known = await ask(path, { headers: { 'if-none-match': etag } });
      expect([known.status, known.headers.get('etag'), await known.text()]).toEqual([304, etag, '']);
      const since = { 'if-modified-since': whole.headers.get('last-modified') ?? '' };
      expect((await ask(path, { headers: since })).status).toBe(304);
      const head = await ask(path, { method: 'HEAD' });
      expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '10', '']);
      for (const name of ['etag', 'last-modified', 'content-type', 'content-disposition', 'accept-ranges'])
        expect(head.headers.get(name)).toBe(whole.headers.get(name));
    });

    test('a large file streams, and its ranges too', async () => {
      const content = samples.text(MAX_FILE_BYTES);
      const file = await upload(content);
      const response = await ask(`/${file.id}/download`, { headers: { range: 'bytes=100-5000099' } });
      expect([response.status, response.headers.get('content-range')]).toEqual([206, 'bytes 100-5000099/6000000']);
      expect(Buffer.from(await response.arrayBuffer()).equals(content.subarray(100, 5_000_100))).toBeTrue();
    });

    test('a deleted file is gone, with its bytes and copies', async () => {
      const file = await upload(samples.png(10, 10), 'a.png');
      const copies = await Promise.all(['/download', '/thumbnail'].map((path) => ask(`/${file.id}${path}`)));
      for (const { status, headers } of copies)
        expect([status, headers.get('cache-control')]).toEqual([200, 'private, no-cache']);
      const answer = await remove(file.id);
      expect([answer.status, await answer.json()]).toEqual([200, { status: 'deleted', id: file.id }]);
      for (const path of ['', '/download', '/thumbnail']) expect((await ask(`/${file.id}${path}`)).status).toBe(404);
      const [download, thumbnail] = copies.map(({ headers }) => headers.get('etag') ?? '');
      const known = (etag = '') => ({ headers: { 'if-none-match': etag } });
      expect((await ask(`/${file.id}/download`, known(download))).status).toBe(404);
      expect((await ask(`/${file.id}/thumbnail`, known(thumbnail))).status).toBe(404);
      expect(await listOf('general')).not.toContainEqual(file);
      expect((await remove(file.id)).status).toBe(404);
    });

    test('only its uploader deletes a file, and nobody without saying who', async () => {
      const file = await upload('mine', 'mine.txt', '', { uploaded_by: 'alice' });
      const refusals = await Promise.all([remove(file.id, 'mallory'), remove(crypto.randomUUID(), 'mallory')]);
      const [others, absent] = await Promise.all(refusals.map(refusalOf));
      expect(others?.slice(0, 2)).toEqual([404, 'unknown_file']);
      expect(others).toEqual(absent as [number, string, string]);
      expect((await ask(`/${file.id}`, { method: 'DELETE' })).status).toBe(422);
      expect(await (await ask(`/${file.id}/download`)).text()).toBe('mine');
      expect((await remove(file.id, 'alice')).status).toBe(200);
    });

    test('a file that is deleted by many at once is deleted once, and nobody meets a failure', async () => {
      const file = await upload('once');
      const answers = await Promise.all(Array.from({ length: 8 }, () => remove(file.id)));
      const statuses = answers.map(({ status }) => status);
      expect(statuses).toContain(200);
      expect(statuses.filter((status) => ![200, 404].includes(status))).toEqual([]);
    });

    test('a file that is deleted while it is downloaded comes whole or not at all', async () => {
      const content = samples.text(MAX_FILE_BYTES);
      const file = await upload(content);
      const download = await ask(`/${file.id}/download`);
      const reader = download.body?.getReader();
      const pieces = [(await reader?.read())?.value ?? new Uint8Array()];
      expect((await remove(file.id)).status).toBe(200);
      for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read())
        pieces.push(piece.value);
      expect(Buffer.concat(pieces).equals(content)).toBeTrue();
      expect((await ask(`/${file.id}/download`)).status).toBe(404);
    });

    test('no bytes of a file are answered to htmx, whatever their type', async () => {
      const page = '<div id="page" hx-trigger="load">not a page</div>';
      const files = [await upload(page, 'report.txt'), await upload(samples.png(5, 5)), await upload(samples.pdf())];
      const addresses = files.map(({ id }) => `/${id}/download`).concat(`/${files[1]?.id}/thumbnail`);
      for (const path of addresses) {
        for (const method of ['GET', 'HEAD'].slice(0, path.endsWith('download') ? 2 : 1)) {
          const refusal = await ask(path, { method, headers: { 'HX-Request': 'true' } });
          expect([path, refusal.status, refusal.headers.get('vary')]).toEqual([path, 403, 'Origin, HX-Request']);
          expect(await refusal.text()).not.toContain('id="page"');
        }
        const { status, headers } = await ask(path);
        expect([path, status, headers.get('vary')]).toEqual([path, 200, 'Origin, HX-Request']);
        expect(headers.get('content-security-policy')).toStartWith("sandbox; default-src 'none'");
        expect(headers.get('x-content-type-options')).toBe('nosniff');
        expect(headers.get('cross-origin-resource-policy')).toBe('same-site');
        expect(
          (await ask(path, { headers: { 'if-none-match': headers.get('etag') ?? '', 'HX-Request': '' } })).status,
        ).toBe(403);
      }
    });

    test('a name of any script comes back in Content-Disposition', async () => {
      const file = await upload('x', '世界 "☃".txt');
      expect(file.original_name).toBe('世界 "☃".txt');
      const disposition = (await ask(`/${file.id}/download`)).headers.get('content-disposition') ?? '';
      expect(disposition).toContain(`filename*=UTF-8''${encodeURIComponent('世界 "☃".txt')}`);
    });
  });
}
