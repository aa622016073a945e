/** `bun run build [folder]`: writes the scripts and styles to a folder, for a server with `ASSETS_DIR`. */
import { join } from 'node:path';
import { brotliQuality, buildAssets } from './assets/build.ts';
import { writeAssets } from './assets/folder.ts';

const folder = process.argv[2] ?? join(import.meta.dir, 'dist');
const assets = await buildAssets(brotliQuality.build);
await writeAssets(assets, folder);
for (const [name, { plain, gzip, br }] of assets.files)
  process.stdout.write(`${name}  ${plain.length} bytes, gzip ${gzip.length}, brotli ${br.length}\n`);
