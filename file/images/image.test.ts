import { describe, expect, test } from 'bun:test';
import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { fileTypeFromBuffer } from 'file-type';
import * as samples from '../testing/samples.ts';
import { THUMBNAIL_PIXELS } from './decoder.ts';
import { makeThumbnail, measure } from './image.ts';

const MAX_PIXELS = 4_000_000;

/** The thumbnail, as of a file whose type was judged by its bytes. */
const thumbnailOf = async (image: Uint8Array): Promise<Uint8Array | undefined> => {
  const type = (await fileTypeFromBuffer(image))?.mime ?? 'image/jpeg';
  return makeThumbnail(image, type.replace('apng', 'png'), { maxPixels: MAX_PIXELS, timeoutMs: 60_000 });
};

/** The colour of one pixel: the image as an 8-bit PNG, whose first filtered row is read. */
const cornerOf = async (image: Uint8Array): Promise<number[]> => {
  const png = await new Bun.Image(image).resize(1, 1).png().buffer();
  const start = png.indexOf('IDAT');
  const row = inflateSync(png.subarray(start + 4, start + 4 + png.readUInt32BE(start - 4)));
  return [...row.subarray(1, 4)];
};

describe('the size of an image', () => {
  test('is read from the header of every format', async () => {
    for (const image of [
      samples.png(30, 20),
      await samples.jpeg(30, 20),
      await samples.webp(30, 20),
      await samples.animatedWebp(30, 20),
    ])
      expect(await measure(image, MAX_PIXELS)).toEqual({ width: 30, height: 20 });
    expect(await measure(samples.gif(), MAX_PIXELS)).toEqual({ width: 1, height: 1 });
  });

  test('is that of the image as shown: turned by its EXIF orientation', async () => {
    expect(await measure(await samples.jpegWithExif(30, 20, 1, 'x'), MAX_PIXELS)).toEqual({ width: 30, height: 20 });
    expect(await measure(await samples.jpegWithExif(30, 20, 6, 'x'), MAX_PIXELS)).toEqual({ width: 20, height: 30 });
  });

  test('is that of the image as browsers show it: a PNG turned by its EXIF, a GIF by its canvas', async () => {
    const turned = samples.pngOriented(30, 20, 6);
    expect(await measure(turned, MAX_PIXELS)).toEqual({ width: 20, height: 30 });
    expect(await measure(samples.pngOriented(30, 20, 3), MAX_PIXELS)).toEqual({ width: 30, height: 20 });
    const gif = samples.gif();
    gif.writeUInt16LE(100, 6);
    gif.writeUInt16LE(50, 8);
    expect(await measure(gif, MAX_PIXELS)).toEqual({ width: 100, height: 50 });
    expect(await measure(samples.png(4, 6_000), MAX_PIXELS)).toEqual({ width: 4, height: 6_000 });
  });

  test('is unknown where the header is broken', async () => {
    expect(await measure(Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0]), MAX_PIXELS)).toBeUndefined();
  });

  for (const [width, height] of [
    [2_001, 2_000],
    [100_000, 100_000],
    [2_000_000_000, 2_000_000_000],
  ] as const) {
    test(`of ${width} x ${height} pixels is refused by the header alone`, async () => {
      const bomb = samples.pngBomb(width, height);
      expect(bomb.length).toBeLessThan(1_000);
      await expect(measure(bomb, MAX_PIXELS)).rejects.toMatchObject({ code: 'invalid_input' });
      expect(await thumbnailOf(bomb)).toBeUndefined();
    });
  }
});

const shown = async (thumbnail: Uint8Array | undefined) => {
  const { width, height, format } = await new Bun.Image(thumbnail ?? new Uint8Array()).metadata();
  return { width, height, format };
};

describe('a thumbnail', () => {
  test(`is a WebP of at most ${THUMBNAIL_PIXELS} pixels, of every format`, async () => {
    for (const image of [
      samples.png(960, 480),
      await samples.jpeg(960, 480),
      await samples.webp(960, 480),
      await samples.animatedWebp(960, 480),
    ])
      expect(await shown(await thumbnailOf(image))).toEqual({ width: 480, height: 240, format: 'webp' });
    expect(await shown(await thumbnailOf(samples.gif(3)))).toEqual({
      width: 1,
      height: 1,
      format: 'webp',
    });
  });

  test('is never larger than its image', async () => {
    expect(await shown(await thumbnailOf(samples.png(40, 10)))).toMatchObject({ width: 40, height: 10 });
  });

  test('is upright: EXIF orientation 6 turns the left side up', async () => {
    const upright = (await thumbnailOf(await samples.jpegWithExif(600, 300, 6, 'x'))) ?? new Uint8Array();
    expect(await shown(upright)).toMatchObject({ width: 240, height: 480 });
    const straight = (await thumbnailOf(await samples.jpeg(600, 300))) ?? new Uint8Array();
    expect(await shown(straight)).toMatchObject({ width: 480, height: 240 });
  });

  test('is upright: a PNG too, by each of the eight orientations', async () => {
    // The left half is blue: where it goes is the orientation.
    const isBlueAt: Record<number, 'left' | 'right' | 'top' | 'bottom'> = {
      1: 'left',
      2: 'right',
      3: 'right',
      4: 'left',
      5: 'top',
      6: 'top',
      7: 'bottom',
      8: 'bottom',
    };
    for (const [orientation, side] of Object.entries(isBlueAt)) {
      const thumbnail = (await thumbnailOf(samples.pngOriented(400, 400, Number(orientation)))) ?? new Uint8Array();
      const png = await new Bun.Image(thumbnail).resize(2, 2).png().buffer();
      const start = png.indexOf('IDAT');
      const rows = inflateSync(png.subarray(start + 4, start + 4 + png.readUInt32BE(start - 4)));
      const bytesPerPixel = (rows.length / 2 - 1) / 2;
      // Filters undone by reading one pixel alone: the first of the first row, whose filter has nothing before it.
      const isFirstBlue = (rows[3] ?? 0) > (rows[1] ?? 0);
      expect(bytesPerPixel).toBeGreaterThanOrEqual(3);
      expect([orientation, isFirstBlue]).toEqual([orientation, side === 'left' || side === 'top']);
    }
  });

  test('carries nothing of what the image said of its place', async () => {
    const place = 'somewhere on a quiet street';
    const image = await samples.jpegWithExif(600, 300, 1, place);
    expect(image.includes(place)).toBeTrue();
    expect(Buffer.from((await thumbnailOf(image)) ?? []).includes(place)).toBeFalse();
  });

  test('shows the first frame of an animation', async () => {
    const [red = 0, , blue = 0] = await cornerOf(
      (await thumbnailOf(await samples.animatedWebp(480, 480))) ?? new Uint8Array(),
    );
    expect(red).toBeWithin(90, 170);
    expect(blue).toBeWithin(90, 170);
  });

  test('is not made of what can not be decoded, whatever it is', async () => {
    const images = [
      samples.png(20, 20),
      await samples.jpeg(20, 20),
      samples.gif(2),
      await samples.webp(20, 20),
      await samples.animatedWebp(20, 20),
    ];
    const damaged = fc.record({
      image: fc.constantFrom(...images),
      at: fc.nat(2_000),
      byte: fc.nat(255),
      size: fc.nat(2_000),
    });
    await fc.assert(
      fc.asyncProperty(damaged, async ({ image, at, byte, size }) => {
        const bytes = Buffer.from(image.subarray(0, Math.max(size, 1)));
        bytes[at % bytes.length] = byte;
        const thumbnail = await thumbnailOf(bytes);
        if (thumbnail) expect((await shown(thumbnail)).format).toBe('webp');
        await measure(bytes, MAX_PIXELS).catch((error: unknown) =>
          expect(error).toMatchObject({ code: 'invalid_input' }),
        );
      }),
      { numRuns: 60 },
    );
  });
});
