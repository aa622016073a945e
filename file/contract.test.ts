/** The service's HTTP contract, the same on every pair of stores. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { connect } from 'node:net';
import type { RunningService } from '@parley/kit/run';
import { eventually } from '@parley/kit/testing/eventually';
import { describeWith } from '@parley/kit/testing/servers';
import type { FileView } from './files/file.ts';
import { backends, type Stores, startReady } from './testing/backends.ts';
import * as samples from './testing/samples.ts';

const MAX_FILE_BYTES = 6_000_000;
const WHOLE_DOWNLOAD_BYTES = 1_000_000;

for (const backend of backends) {
  describeWith(backend.needs, `file on ${backend.name}`, () => {
    let stores: Stores;
    let service: RunningService;
    beforeAll(async () => {
      stores = await backend.open();
      service = await startReady({
        ...stores.env,
        MAX_FILE_BYTES: String(MAX_FILE_BYTES),
        MAX_IMAGE_PIXELS: '4000000',
        WHOLE_DOWNLOAD_BYTES: String(WHOLE_DOWNLOAD_BYTES),
      });
    });
    afterAll(async () => {
      await service.stop();
      await stores.close();
    });

    const ask = (path: string, init?: RequestInit) => fetch(service.url + path, init);

    const post = (content: Uint8Array | string, name: string, type = '', query = ''): Promise<Response> => {
      const form = new FormData();
      form.set('file', new File([content as Uint8Array<ArrayBuffer>], name, { type }));
      return ask(`/upload${query}`, { method: 'POST', body: form });
    };

    const upload = async (content: Uint8Array | string, name = 'a.txt', type = '', query = ''): Promise<FileView> => {
      const response = await post(content, name, type, query);
      expect([response.status, response.ok || (await response.text())]).toEqual([201, true]);
      return (await response.json()) as FileView;
    };

    const listOf = async (room: string, more = ''): Promise<FileView[]> =>
      (await (await ask(`/files?room_id=${room}${more}`)).json()) as FileView[];

    const remove = (id: string, userId = 'anonymous') => ask(`/${id}?user_id=${userId}`, { method: 'DELETE' });

    const refusalOf = async (response: Response | Promise<Response>): Promise<[number, string, string]> => {
      const { status } = await response;
      const { code, detail } = (await (await response).json()) as { code: string; detail: string };
      return [status, code, detail];
    };

    test('an upload answers 201 with all there is to know of the file', async () => {
      const file = await upload('hello', 'notes.txt', 'text/plain', '?uploaded_by=alice&room_id=devops');
      expect(file).toEqual({
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        original_name: 'notes.txt',
        content_type: 'text/plain',
        size_bytes: 5,
        uploaded_by: 'alice',
        room_id: 'devops',
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        download_url: `/api/files/${file.id}/download`,
        sha256: new Bun.CryptoHasher('sha256').update('hello').digest('hex'),
        width: null,
        height: null,
        thumbnail_url: null,
      });
      expect(await (await ask(`/${file.id}`)).json()).toEqual(file);
    });

    test('who uploads and where to are anonymous and general, unless told', async () => {
      expect(await upload('hello')).toMatchObject({ uploaded_by: 'anonymous', room_id: 'general' });
      expect(await upload('hello', 'a.txt', '', '?room_id=')).toMatchObject({ room_id: null });
    });

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

    test('files of every type are taken, and known by their bytes', async () => {
      const files: [Uint8Array, string][] = [
        [await samples.jpeg(40, 30), 'image/jpeg'],
        [samples.png(40, 30), 'image/png'],
        [samples.gif(), 'image/gif'],
        [await samples.webp(40, 30), 'image/webp'],
        [samples.pdf(), 'application/pdf'],
        [samples.text(200), 'text/plain'],
        [samples.zip(), 'application/zip'],
      ];
      for (const [content, type] of files) {
        const file = await upload(content, 'unnamed.bin', 'application/octet-stream');
        expect(file.content_type).toBe(type);
        const { headers } = await ask(`/${file.id}/download`);
        expect(headers.get('content-type')).toStartWith(type);
        expect(headers.get('x-content-type-options')).toBe('nosniff');
        expect(headers.get('content-security-policy')).toContain('sandbox');
        expect(headers.get('content-disposition')).toStartWith(type === 'application/zip' ? 'attachment;' : 'inline;');
      }
    });

    test('a refused upload says why, and leaves neither row nor object', async () => {
      const room = 'refused';
      const at = `?room_id=${room}`;
      expect((await upload('taken', 'a.txt', '', at)).room_id).toBe(room);
      const refusals: [Promise<Response>, number, string][] = [
        [post('', 'a.txt', 'text/plain', at), 422, 'invalid_input'],
        [post(samples.noise(1_000), 'a.bin', '', at), 415, 'wrong_media_type'],
        [post(samples.png(5, 5), 'a.jpg', 'image/jpeg', at), 415, 'wrong_media_type'],
        [post(Buffer.concat([samples.text(1_000_000), samples.noise(9)]), 'a.txt', '', at), 415, 'wrong_media_type'],
        [post(Buffer.concat([samples.text(5_500_000), Buffer.from([0xc3])]), 'a.txt', '', at), 415, 'wrong_media_type'],
        [post(samples.text(MAX_FILE_BYTES + 1), 'a.txt', '', at), 413, 'too_large'],
        [post(samples.text(3 * MAX_FILE_BYTES), 'a.txt', '', at), 413, 'too_large'],
        [post(samples.pngBomb(50_000, 50_000), 'a.png', '', at), 422, 'invalid_input'],
        [ask(`/upload${at}`, { method: 'POST', body: new FormData() }), 422, 'invalid_input'],
        [
          ask(`/upload${at}`, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }),
          422,
          'invalid_input',
        ],
        [ask(`/upload${at}`, { method: 'POST' }), 422, 'invalid_input'],
        [post('a', 'a.txt', '', '?room_id=no%20room'), 422, 'invalid_input'],
        [post('a', 'a.txt', '', `?room_id=${room}&uploaded_by=a%00b`), 422, 'invalid_input'],
      ];
      for (const [response, status, code] of refusals) {
        const [gotStatus, gotCode, detail] = await refusalOf(response);
        expect([gotStatus, gotCode]).toEqual([status, code]);
        expect(detail.length).toBeGreaterThan(10);
      }
      expect(await listOf(room)).toHaveLength(1);
      const metrics = await (await ask('/metrics')).text();
      expect(metrics).toMatch(/parley_file_refusals_total\{[^}]*reason="too_large"[^}]*\} 2/);
    });

    test('two files in one form are refused, and further fields are not', async () => {
      const form = new FormData();
      form.set('note', 'x'.repeat(10_000));
      form.append('file', new File(['one'], '1.txt'));
      form.set('later', 'y');
      expect((await ask('/upload', { method: 'POST', body: form })).status).toBe(201);
      form.append('file', new File(['two'], '2.txt'));
      expect((await ask('/upload', { method: 'POST', body: form })).status).toBe(422);
    });

    test('a sender that goes away in the middle leaves nothing', async () => {
      const room = 'gone';
      const { port } = new URL(service.url);
      for (const sent of [10, 300_000, 5_400_000]) {
        const socket = connect(Number(port), '127.0.0.1');
        await new Promise((resolve) => socket.once('connect', resolve));
        const head = `POST /upload?room_id=${room} HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 5900000\r\n\r\n`;
        const part = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n';
        await new Promise((resolve) =>
          socket.write(Buffer.concat([Buffer.from(head + part), samples.text(sent)]), resolve),
        );
        socket.destroy();
      }
      await eventually(async () => {
        const metrics = await (await ask('/metrics')).text();
        expect(metrics).toMatch(/parley_file_refusals_total\{[^}]*reason="aborted"[^}]*\} 3/);
        expect(metrics).toMatch(/parley_file_uploading\{[^}]*\} 0/);
        expect(metrics).not.toMatch(/request_duration_seconds_count\{[^}]*route="\/upload"[^}]*status="500"/);
      });
      expect(await listOf(room)).toEqual([]);
    });

    test('a list is newest first, of one room or all, in pages', async () => {
      const room = 'paged';
      const files: FileView[] = [];
      for (const name of ['1', '2', '3', '4', '5'])
        files.unshift(await upload(name, `${name}.txt`, '', `?room_id=${room}`));
      const last = await upload('x', 'other.txt', '', '?room_id=elsewhere');
      expect(await listOf(room)).toEqual(files);
      expect((await listOf(''))[0]).toEqual(last);
      const first = await listOf(room, '&limit=2');
      expect(first).toEqual(files.slice(0, 2));
      expect(await listOf(room, `&limit=2&before=${first[1]?.id}`)).toEqual(files.slice(2, 4));
      expect((await remove(files[3]?.id ?? '')).status).toBe(200);
      expect(await listOf(room, `&limit=2&before=${files[3]?.id}`)).toEqual(files.slice(4));
      for (const bad of ['limit=0', 'limit=201', 'limit=x', 'before=x', 'room_id=a%20b'])
        expect((await ask(`/files?${bad}`)).status).toBe(422);
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
      expect(whole.headers.get('vary')).toBe('HX-Request');
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

    test('an image has a size and a thumbnail, made once', async () => {
      const file = await upload(await samples.jpegWithExif(900, 600, 6, 'a quiet place'), 'photo.jpg', 'image/jpeg');
      expect(file).toMatchObject({ width: 600, height: 900, thumbnail_url: `/api/files/${file.id}/thumbnail` });
      const answers = await Promise.all([1, 2, 3].map(() => ask(`/${file.id}/thumbnail`)));
      const [first, ...others] = await Promise.all(answers.map((answer) => answer.bytes()));
      expect(await new Bun.Image(first ?? new Uint8Array()).metadata()).toEqual({
        width: 320,
        height: 480,
        format: 'webp',
      });
      for (const other of others) expect(other).toEqual(first as Uint8Array<ArrayBuffer>);
      expect(Buffer.from(first ?? []).includes('quiet place')).toBeFalse();
      expect(answers[0]?.headers.get('content-type')).toBe('image/webp');
      const etag = answers[0]?.headers.get('etag') ?? '';
      expect((await ask(`/${file.id}/thumbnail`, { headers: { 'if-none-match': etag } })).status).toBe(304);
      const metrics = await (await ask('/metrics')).text();
      expect(metrics).toMatch(/parley_file_thumbnails_total\{[^}]*outcome="made"[^}]*\} 1/);
    });

    test('what is no image, or a broken one, has no thumbnail', async () => {
      const text = await upload('hello');
      expect((await ask(`/${text.id}/thumbnail`)).status).toBe(404);
      const broken = await upload(samples.png(50, 50).subarray(0, 60), 'broken.png', 'image/png');
      for (let time = 0; time < 2; time += 1) expect((await ask(`/${broken.id}/thumbnail`)).status).toBe(404);
      expect((await ask(`/${broken.id}/download`)).status).toBe(200);
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
      const file = await upload('mine', 'mine.txt', '', '?uploaded_by=alice');
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
          expect([path, refusal.status, refusal.headers.get('vary')]).toEqual([path, 403, 'HX-Request']);
          expect(await refusal.text()).not.toContain('id="page"');
        }
        const { status, headers } = await ask(path);
        expect([path, status, headers.get('vary')]).toEqual([path, 200, 'HX-Request']);
        expect(headers.get('content-security-policy')).toStartWith("sandbox; default-src 'none'");
        expect(headers.get('x-content-type-options')).toBe('nosniff');
        expect(headers.get('cross-origin-resource-policy')).toBe('same-site');
        expect(
          (await ask(path, { headers: { 'if-none-match': headers.get('etag') ?? '', 'HX-Request': '' } })).status,
        ).toBe(403);
      }
    });

    test('what is no file is unknown, whatever the address', async () => {
      for (const path of [crypto.randomUUID(), 'nonsense', '%00', 'a%2Fb', '..%2f..']) {
        expect((await refusalOf(ask(`/${path}`)))[1]).toBe('unknown_file');
        expect((await ask(`/${path}/download`)).status).toBe(404);
      }
    });

    test('a name of any script comes back in Content-Disposition', async () => {
      const file = await upload('x', '世界 "☃".txt');
      expect(file.original_name).toBe('世界 "☃".txt');
      const disposition = (await ask(`/${file.id}/download`)).headers.get('content-disposition') ?? '';
      expect(disposition).toContain(`filename*=UTF-8''${encodeURIComponent('世界 "☃".txt')}`);
    });

    test('health says how the stores are, and the bucket', async () => {
      const health = (await (await ask('/health')).json()) as Record<string, string>;
      expect(health).toMatchObject({
        status: 'healthy',
        service: 'file-service',
        minio: 'connected',
        postgres: 'connected',
      });
      expect(health.bucket).toBe(stores.env.STORAGE_DIR ?? stores.env.MINIO_BUCKET ?? '');
    });
  });
}
