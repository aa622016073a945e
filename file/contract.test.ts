/** The service's HTTP contract, the same on every pair of stores. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { connect } from 'node:net';
import type { RunningService } from '@parley/kit/process/run';
import { describeWith } from '@parley/testing/servers/servers';
import { eventually } from '@parley/testing/time/eventually';
import type { FileView } from './files/rules.ts';
import { backends, type Stores, startReady } from './testing/backends.ts';
import { createClient, refusalOf } from './testing/client.ts';
import * as samples from './testing/samples.ts';

const MAX_FILE_BYTES = 6_000_000;

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
      });
    });
    afterAll(async () => {
      await service.stop();
      await stores.close();
    });

    const { ask, post, upload, remove, listOf, health: readHealth } = createClient(() => service.url);

    test('an upload answers 201 with all there is to know of the file', async () => {
      const file = await upload('hello', 'notes.txt', 'text/plain', { uploaded_by: 'alice', room_id: 'devops' });
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
      expect(await upload('hello', 'a.txt', '', { room_id: '' })).toMatchObject({ room_id: null });
    });

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
      const at = { room_id: room };
      expect((await upload('taken', 'a.txt', '', at)).room_id).toBe(room);
      const refusals: [Promise<Response>, number, string][] = [
        [post('', 'a.txt', 'text/plain', at), 422, 'invalid_input'],
        [post(samples.noise(1_000), 'a.bin', '', at), 415, 'wrong_media_type'],
        [post(samples.text(100), 'a.html', '', at), 415, 'wrong_media_type'],
        [post(samples.png(5, 5), 'a.png', 'image/svg+xml', at), 415, 'wrong_media_type'],
        [post(samples.programs()[0] ?? '', 'a.txt', 'text/plain', at), 415, 'wrong_media_type'],
        [post(Buffer.concat([samples.text(1_000_000), samples.noise(9)]), 'a.txt', '', at), 415, 'wrong_media_type'],
        [post(Buffer.concat([samples.text(5_500_000), Buffer.from([0])]), 'a.txt', '', at), 415, 'wrong_media_type'],
        [post(samples.text(MAX_FILE_BYTES + 1), 'a.txt', '', at), 413, 'too_large'],
        [post(samples.text(3 * MAX_FILE_BYTES), 'a.txt', '', at), 413, 'too_large'],
        [post(samples.pngBomb(50_000, 50_000), 'a.png', '', at), 422, 'invalid_input'],
        [ask(`/upload?room_id=${room}`, { method: 'POST', body: new FormData() }), 422, 'invalid_input'],
        [
          ask(`/upload?room_id=${room}`, {
            method: 'POST',
            body: '{}',
            headers: { 'content-type': 'application/json' },
          }),
          422,
          'invalid_input',
        ],
        [ask(`/upload?room_id=${room}`, { method: 'POST' }), 422, 'invalid_input'],
        [post('a', 'a.txt', '', { room_id: 'no room' }), 422, 'invalid_input'],
        [post('a', 'a.txt', '', { ...at, uploaded_by: 'a\0b' }), 422, 'invalid_input'],
      ];
      for (const [response, status, code] of refusals) {
        const [gotStatus, gotCode, detail] = await refusalOf(response);
        expect([gotStatus, gotCode]).toEqual([status, code]);
        expect(detail.length).toBeGreaterThan(10);
      }
      expect(await listOf(room)).toHaveLength(1);
      const metrics = await (await fetch(service.metricsUrl ?? '')).text();
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
        const head = `POST /upload?room_id=${room} HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 5900000\r\n\r\n`;
        const part = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n';
        await new Promise((resolve) =>
          socket.write(Buffer.concat([Buffer.from(head + part), samples.text(sent)]), resolve),
        );
        socket.destroy();
      }
      await eventually(async () => {
        const metrics = await (await fetch(service.metricsUrl ?? '')).text();
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
        files.unshift(await upload(name, `${name}.txt`, '', { room_id: room }));
      const last = await upload('x', 'other.txt', '', { room_id: 'elsewhere' });
      expect(await listOf(room)).toEqual(files);
      expect((await listOf(''))[0]).toEqual(last);
      const first = await listOf(room, { limit: 2 });
      expect(first).toEqual(files.slice(0, 2));
      expect(await listOf(room, { limit: 2, before: first[1]?.id })).toEqual(files.slice(2, 4));
      expect((await remove(files[3]?.id ?? '')).status).toBe(200);
      expect(await listOf(room, { limit: 2, before: files[3]?.id })).toEqual(files.slice(4));
      for (const bad of ['limit=0', 'limit=201', 'limit=x', 'before=x', 'room_id=a%20b'])
        expect((await ask(`/files?${bad}`)).status).toBe(422);
    });

    test('an image has a size and a thumbnail, made once', async () => {
      const file = await upload(await samples.jpegWithExif(900, 600, 6, 'a quiet place'), 'photo.jpg', 'image/jpeg');
      expect(file).toMatchObject({ width: 600, height: 900, thumbnail_url: `/api/files/${file.id}/thumbnail` });
      const download = await (await ask(`/${file.id}/download`)).bytes();
      expect(Buffer.from(download).includes('quiet place')).toBeFalse();
      expect(file).toMatchObject({
        size_bytes: download.length,
        sha256: new Bun.CryptoHasher('sha256').update(download).digest('hex'),
      });
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
      const metrics = await (await fetch(service.metricsUrl ?? '')).text();
      expect(metrics).toMatch(/parley_file_thumbnails_total\{[^}]*outcome="made"[^}]*\} 1/);
    });

    test('what is no image, or a broken one, has no thumbnail', async () => {
      const text = await upload('hello');
      expect((await ask(`/${text.id}/thumbnail`)).status).toBe(404);
      const broken = await upload(samples.png(50, 50).subarray(0, 60), 'broken.png', 'image/png');
      for (let time = 0; time < 2; time += 1) expect((await ask(`/${broken.id}/thumbnail`)).status).toBe(404);
      expect((await ask(`/${broken.id}/download`)).status).toBe(200);
    });

    test('what is no file is unknown, whatever the address', async () => {
      for (const path of [crypto.randomUUID(), 'nonsense', '%00', 'a%2Fb', '..%2f..']) {
        expect((await refusalOf(ask(`/${path}`)))[1]).toBe('unknown_file');
        expect((await ask(`/${path}/download`)).status).toBe(404);
      }
    });

    test('health says how the stores are, and the bucket', async () => {
      const health = await readHealth();
      expect(health).toMatchObject({
        status: 'healthy',
        service: 'file-service',
        minio: stores.env.STORAGE_DIR ? 'embedded' : 'connected',
        postgres: stores.env.DATABASE_URL?.startsWith('pglite:') ? 'embedded' : 'connected',
      });
      expect(health.bucket).toBe(stores.env.MINIO_BUCKET ?? 'embedded');
      if (stores.env.STORAGE_DIR) expect(JSON.stringify(health)).not.toContain(stores.env.STORAGE_DIR);
    });
  });
}
