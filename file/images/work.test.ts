import { expect, test } from 'bun:test';
import * as hostile from '../testing/hostile.ts';
import * as samples from '../testing/samples.ts';
import { decodableBytes, scansOf } from './work.ts';

test('the scans of a JPEG are counted by its bytes', async () => {
  for (const scans of [1, 2, 300]) expect(scansOf(hostile.jpegOfScans(scans))).toBe(scans);
  expect(scansOf(await samples.jpeg(300, 200))).toBe(1);
  expect(scansOf(await samples.jpegWithExif(300, 200, 6, 'x'))).toBe(1);
  expect(scansOf(Buffer.from([0xff, 0xd8, 0xff, 0xda, 0, 0, 0xff, 0xda]))).toBe(2);
});

test('of a PNG a decoder gets the pixels and the way up, nothing that unpacks', () => {
  for (const image of [hostile.pngWithPackedText(), hostile.pngWithPackedProfile(), hostile.pngOfFrames(50)]) {
    const part = Buffer.from(decodableBytes(image, 'image/png', 400, 1_000) ?? []);
    expect(part.equals(samples.png(20, 20))).toBeTrue();
  }
});

test('scans are weighed by the pixels that each goes over', () => {
  const image = hostile.jpegOfScans(100);
  expect(decodableBytes(image, 'image/jpeg', 2_048 * 2_048, 50_000_000)).toBe(image);
  expect(decodableBytes(image, 'image/jpeg', 2_048 * 2_048, 4_200_000)).toBeUndefined();
  expect(decodableBytes(image, 'image/jpeg', 100, 4_200_000)).toBe(image);
});
