/**
 * `bun run pin FOLDER`: writes `compose.yml` and `Dockerfile` for a release into a folder, each public image by its digest as its
 * registry has it now. The tree itself keeps tags.
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { docker, runScript, say } from './compose.ts';
import { pinImages, publicImages } from './images.ts';

const ROOT = join(import.meta.dir, '..');
const FILES = ['compose.yml', 'Dockerfile'] as const;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** The digest of the image's index, which covers all platforms. @throws when the registry doesn't return one */
const digestOf = async (image: string): Promise<string> => {
  const digest = await docker(['buildx', 'imagetools', 'inspect', image, '--format', '{{.Manifest.Digest}}']);
  if (!DIGEST.test(digest)) throw new Error(`${image}: the registry answered “${digest}” where a digest was expected`);
  return digest;
};

await runScript(async () => {
  const [folder] = process.argv.slice(2);
  if (!folder) throw new Error('Usage: bun run pin FOLDER');
  const texts = await Promise.all(FILES.map((name) => Bun.file(join(ROOT, name)).text()));
  const images = [...new Set(texts.flatMap(publicImages))];
  const digests = new Map(
    await Promise.all(images.map(async (image) => [image, image.includes('@') ? '' : await digestOf(image)] as const)),
  );
  mkdirSync(resolve(folder), { recursive: true });
  for (const [index, name] of FILES.entries())
    await Bun.write(
      join(resolve(folder), name),
      pinImages(texts[index] ?? '', (image) => digests.get(image) ?? ''),
    );
  say(`${resolve(folder)}: ${images.length} images by their digests`);
});
