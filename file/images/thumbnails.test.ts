/** Images made to keep a decoder busy: what they cost is bounded, and innocent thumbnails are made meanwhile. */
import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import type { RunningService } from '@parley/kit/process/run';
import { openEmbedded, type Stores, startReady } from '../testing/backends.ts';
import { createClient, readMetrics, refusalOf } from '../testing/client.ts';
import * as hostile from '../testing/hostile.ts';
import * as samples from '../testing/samples.ts';

let stores: Stores;
let service: RunningService;

beforeEach(async () => {
  stores = await openEmbedded();
});
afterEach(async () => {
  await service.stop();
  await stores.close();
});

const start = async (env: Record<string, string> = {}): Promise<void> => {
  service = await startReady({ ...stores.env, ...env });
};

const client = createClient(() => service.url);

const uploadAs = (userId: string, image: Uint8Array) => client.upload(image, 'a.img', '', { uploaded_by: userId });

const thumbnailOf = ({ id }: { id: string }): Promise<Response> => client.ask(`/${id}/thumbnail`);

const outcomes = async (outcome: string): Promise<number> =>
  Number(
    new RegExp(`thumbnails_total\\{[^}]*outcome="${outcome}"[^}]*\\} (\\d+)`).exec(await readMetrics(service))?.[1] ??
      0,
  );

describe('a hostile image', () => {
  test('of 1,500 scans is never decoded', async () => {
    await start();
    const image = hostile.jpegOfScans(1_500);
    expect(image.length).toBeLessThan(210_000);
    const file = await uploadAs('mallory', image);
    expect(file).toMatchObject({ content_type: 'image/jpeg', width: 2_048, height: 2_048 });
    for (let time = 0; time < 2; time += 1) expect((await thumbnailOf(file)).status).toBe(404);
    expect([await outcomes('impossible'), await outcomes('given up')]).toEqual([1, 0]);
    expect((await thumbnailOf(await uploadAs('alice', hostile.jpegOfScans(10)))).status).toBe(200);
  });

  const images: [string, () => Buffer | Promise<Buffer>, number[]][] = [
    ['a PNG with a colour profile that unpacks to 200 MB', hostile.pngWithPackedProfile, [200]],
    ['a PNG with a text that unpacks to 200 MB', hostile.pngWithPackedText, [200]],
    ['a PNG whose rows unpack to 200 MB', hostile.pngWithTooManyRows, [200, 404]],
    ['a PNG of 20,000 frames', () => hostile.pngOfFrames(20_000), [200]],
    ['a GIF of 100,000 frames', () => samples.gif(100_000), [200]],
    ['a WebP whose frame is larger than its canvas', hostile.webpWithLargeFrame, [200, 404]],
  ];
  for (const [name, make, statuses] of images) {
    test(`such as ${name} is answered for, and the next one too`, async () => {
      await start();
      const file = await uploadAs('mallory', await make());
      expect(statuses).toContain((await thumbnailOf(file)).status);
      expect(await outcomes('given up')).toBe(0);
      expect((await thumbnailOf(await uploadAs('mallory', samples.png(30, 30)))).status).toBe(200);
    });
  }

  test('such as a GIF whose frame is larger than its canvas is not taken at all', async () => {
    await start();
    const [status, , detail] = await refusalOf(client.post(hostile.gifWithLargeFrame(), 'a.gif'));
    expect([status, detail]).toEqual([422, expect.stringContaining('far too many pixels')]);
  });

  test('that takes too long is ended, and not tried again soon', async () => {
    await start({ THUMBNAIL_TIMEOUT_MS: '1' });
    const file = await uploadAs('mallory', hostile.jpegOfScans(100));
    for (let time = 0; time < 3; time += 1) {
      const [status, , detail] = await refusalOf(thumbnailOf(file));
      expect([status, detail]).toEqual([404, expect.stringContaining('takes too long')]);
    }
    expect(await outcomes('given up')).toBe(1);
    expect((await client.ask(`/${file.id}/download`)).status).toBe(200);
  });

  test('and many of it keep no innocent one waiting', async () => {
    await start();
    const heavy = await Promise.all(Array.from({ length: 8 }, () => uploadAs('mallory', hostile.jpegOfScans(150))));
    const innocent = await uploadAs('alice', samples.png(40, 40));
    const ended: string[] = [];
    const ask = async (name: string, file: { id: string }) => {
      const { status } = await thumbnailOf(file);
      ended.push(name);
      return status;
    };
    const all = heavy.map((file) => ask('heavy', file));
    const innocentStatus = await ask('innocent', innocent);
    await Promise.all(all);
    expect(innocentStatus).toBe(200);
    expect(ended).toHaveLength(9);
    // One may end beside it, one is under way before it.
    expect(ended.indexOf('innocent')).toBeLessThan(3);
  });
});
