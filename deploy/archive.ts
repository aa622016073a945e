/** A backup's archive: a tar with a dump per database, a file per object, and a manifest that has the SHA-256 of each. */
import { join } from 'node:path';
import { Value } from '@sinclair/typebox/value';
import { type Static, t } from 'elysia';

const Entry = t.Object({ file: t.String(), bytes: t.Integer(), sha256: t.String() });

const Manifest = t.Object({
  format: t.Literal(1),
  created_at: t.String(),
  databases: t.Array(t.Composite([t.Object({ name: t.String() }), Entry])),
  objects: t.Array(t.Composite([t.Object({ key: t.String(), type: t.String() }), Entry])),
});

export type Manifest = Static<typeof Manifest>;

const MANIFEST = 'manifest.json';

export const describeFile = async (file: string): Promise<{ bytes: number; sha256: string }> => {
  const sha256 = new Bun.CryptoHasher('sha256');
  let bytes = 0;
  for await (const chunk of Bun.file(file).stream()) {
    sha256.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: sha256.digest('hex') };
};

const tar = async (args: string[]): Promise<void> => {
  const child = Bun.spawn(['tar', ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  const [said, code] = await Promise.all([new Response(child.stderr).text(), child.exited]);
  if (code !== 0) throw new Error(`tar failed: ${said.trim()}`);
};

/** Writes the manifest into the folder, and all of it into one file with its checksum beside it (for `sha256sum -c`). */
export const pack = async (folder: string, manifest: Manifest, archive: string): Promise<void> => {
  await Bun.write(join(folder, MANIFEST), JSON.stringify(manifest, null, 2));
  await tar(['-cf', archive, '-C', folder, '.']);
  const { sha256 } = await describeFile(archive);
  await Bun.write(`${archive}.sha256`, `${sha256}  ${archive.split('/').at(-1)}\n`);
};

/**
 * Unpacks an archive and verifies the checksum of every file.
 * @throws naming the first file that is missing or differs from the manifest
 */
export const unpack = async (archive: string, folder: string): Promise<Manifest> => {
  await tar(['-xf', archive, '-C', folder]);
  const manifest: unknown = await Bun.file(join(folder, MANIFEST)).json();
  if (!Value.Check(Manifest, manifest)) throw new Error(`${archive} has no manifest that this version understands`);
  for (const { file, sha256 } of [...manifest.databases, ...manifest.objects]) {
    const path = join(folder, file);
    const isWhole = (await Bun.file(path).exists()) && (await describeFile(path)).sha256 === sha256;
    if (!isWhole) throw new Error(`${archive} is damaged: ${file} is missing or not what was backed up`);
  }
  return manifest;
};
