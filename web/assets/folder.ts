/** Built assets in a folder: `bun run build` writes them, a server without sources reads them. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Asset, type Assets, assetsOf, assetType } from './build.ts';

const bytes = async (path: string): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await Bun.file(path).arrayBuffer());

export const writeAssets = async ({ files }: Assets, folder: string): Promise<void> => {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const [name, { plain, gzip, br }] of files) {
    await Bun.write(join(folder, name), plain);
    await Bun.write(join(folder, `${name}.gz`), gzip);
    await Bun.write(join(folder, `${name}.br`), br);
  }
};

/** @throws when the folder or a file is missing */
export const readAssets = async (folder: string): Promise<Assets> => {
  const names = (await readdir(folder)).filter((name) => !/\.(gz|br)$/.test(name));
  const read = async (name: string): Promise<[string, Asset]> => {
    const path = join(folder, name);
    const [plain, gzip, br] = await Promise.all([bytes(path), bytes(`${path}.gz`), bytes(`${path}.br`)]);
    return [name, { type: assetType(name), plain, gzip, br }];
  };
  return assetsOf(new Map(await Promise.all(names.map(read))));
};
