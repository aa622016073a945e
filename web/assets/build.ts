/**
 * Bundles the scripts and styles with Bun. File names have a hash of the content, so that browsers may cache them for ever, and each file
 * is compressed once with gzip and brotli.
 */
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { leanHtmx } from './lean-htmx.ts';
import { leanMarked } from './lean-marked.ts';

/** A file as it is served. */
export interface Asset {
  readonly type: string;
  readonly plain: Uint8Array<ArrayBuffer>;
  readonly gzip: Uint8Array<ArrayBuffer>;
  readonly br: Uint8Array<ArrayBuffer>;
}

export interface Assets {
  /** The file names that pages load. */
  readonly script: string;
  readonly style: string;
  /** The service worker. It is served under a fixed name. */
  readonly worker: string;
  readonly files: ReadonlyMap<string, Asset>;
}

const types: Record<string, string> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
};

export const assetType = (name: string): string => types[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream';

const folder = join(import.meta.dir, '..');
const packBrotli = promisify(brotliCompress);

/** Brotli's quality: the best for a build, a fast one when a developer's server builds at its start. */
export const brotliQuality = { build: 11, start: 5 } as const;

const pack = async (plain: Uint8Array<ArrayBuffer>, name: string, quality: number): Promise<Asset> => ({
  type: assetType(name),
  plain,
  // About 3% smaller than zlib's best level, and as fast.
  gzip: Bun.gzipSync(plain, { library: 'libdeflate', level: 12 }),
  br: new Uint8Array(await packBrotli(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } })),
});

const bundle = async (entries: readonly string[], splitting: boolean) => {
  const { outputs } = await Bun.build({
    entrypoints: entries.map((entry) => join(folder, entry)),
    target: 'browser',
    // Bundles the client library from its sources.
    conditions: ['bun'],
    format: 'esm',
    minify: true,
    splitting,
    naming: '[name]-[hash].[ext]',
    plugins: [leanHtmx, leanMarked],
  });
  return outputs;
};

/** Bundles and compresses. @throws {AggregateError} with the compiler's messages */
export const buildAssets = async (quality: number): Promise<Assets> => {
  const bundles = await Promise.all([
    bundle(['live/main.ts', 'styles/app.css'], true),
    // A service worker can't load chunks, so modules that it shares with the page are bundled twice.
    bundle(['live/worker.ts'], false),
  ]);
  const outputs = bundles.flat();
  const files = await Promise.all(
    outputs.map(async (output): Promise<[string, Asset]> => {
      const name = output.path.replace(/^.*\//, '');
      return [name, await pack(new Uint8Array(await output.arrayBuffer()), name, quality)];
    }),
  );
  return assetsOf(new Map(files));
};

/** @throws when a page's script or style is missing */
export const assetsOf = (files: ReadonlyMap<string, Asset>): Assets => {
  const find = (pattern: RegExp): string => {
    const name = [...files.keys()].find((known) => pattern.test(known));
    if (!name) throw new Error(`The built assets lack a file like ${pattern.source}`);
    return name;
  };
  return { script: find(/^main-\w+\.js$/), style: find(/^app-\w+\.css$/), worker: find(/^worker-\w+\.js$/), files };
};
