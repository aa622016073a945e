import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { pinImages, publicImages } from './images.ts';

const DIGEST = `sha256:${'0a'.repeat(32)}`;
const read = (name: string): Promise<string> => Bun.file(join(import.meta.dir, '..', name)).text();

const COMPOSE = `services:
  chat:
    image: parley/chat:\${VERSION:-latest}
  gateway:
    image: nginx:1.30-alpine # a comment
  minio:
    image: \${MINIO_IMAGE:-quay.io/minio/minio:RELEASE.1}
  redis:
    image: redis:8@${DIGEST}
`;

const DOCKERFILE = `ARG BUN=1.4.5
FROM oven/bun:\${BUN} AS packages
FROM --platform=linux/amd64 debian:13-slim AS base
FROM packages AS sources
FROM scratch
`;

describe('public images', () => {
  test('are found in Compose and in a Dockerfile, by their defaults; stages and our own are none', () => {
    expect(publicImages(COMPOSE)).toEqual(['nginx:1.30-alpine', 'quay.io/minio/minio:RELEASE.1', `redis:8@${DIGEST}`]);
    expect(publicImages(DOCKERFILE)).toEqual(['oven/bun:1.4.5', 'debian:13-slim']);
  });

  test('are pinned where they stand, and pinning again changes nothing', () => {
    const pinned = pinImages(COMPOSE, () => DIGEST);
    expect(pinned).toContain(`image: nginx:1.30-alpine@${DIGEST} # a comment`);
    expect(pinned).toContain(`image: \${MINIO_IMAGE:-quay.io/minio/minio:RELEASE.1@${DIGEST}}`);
    expect(pinned).toContain(`image: parley/chat:\${VERSION:-latest}\n`);
    expect(pinImages(pinned, () => 'sha256:other')).toBe(pinned);
    expect(pinImages(DOCKERFILE, () => DIGEST)).toContain(`FROM oven/bun:\${BUN}@${DIGEST} AS packages`);
  });

  test.each(['compose.yml', 'Dockerfile'])(
    'of %s have a tag that says which version, and none is gone',
    async (name) => {
      const images = publicImages(await read(name));
      expect(images).not.toBeEmpty();
      for (const image of images) expect(image).toMatch(/:(?!latest)[\w.-]+$/);
      // Docker Hub has no minio/minio any more.
      expect(images.filter((image) => image.startsWith('minio/'))).toEqual([]);
    },
  );
});
