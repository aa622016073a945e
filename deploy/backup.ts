/**
 * `bun run backup [file]`: every database and every stored object of the composed suite in one checksummed archive, taken while it runs.
 * Databases are dumped before objects are copied: file stores an object before the row that names it, so no row lacks its object.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describeFile, type Manifest, pack } from './archive.ts';
import { openBucket } from './bucket.ts';
import { compose, databases, runScript, say } from './compose.ts';

const defaultName = (now: Date): string => `parley-${now.toISOString().replace(/[-:]|\.\d+/g, '')}.tar`;

const dumpDatabases = async (folder: string): Promise<Manifest['databases']> => {
  const dumped: Manifest['databases'] = [];
  for (const name of databases) {
    const file = `${name}.dump`;
    const dump = ['pg_dump', '--username=postgres', '--format=custom', `--schema=${name}`, name];
    await compose(['exec', '-T', 'postgres', ...dump], { output: join(folder, file) });
    dumped.push({ name, file, ...(await describeFile(join(folder, file))) });
  }
  return dumped;
};

const copyObjects = async (folder: string): Promise<Manifest['objects']> => {
  mkdirSync(join(folder, 'objects'));
  const bucket = openBucket(process.env);
  const copied: Manifest['objects'] = [];
  for (const key of await bucket.keys()) {
    // Files are numbered: a key may have characters that a file name can't have.
    const file = `objects/${copied.length}`;
    copied.push({ key, file, ...(await bucket.download(key, join(folder, file))) });
  }
  return copied;
};

await runScript(async () => {
  const now = new Date();
  const archive = resolve(process.argv[2] ?? defaultName(now));
  // A temporary folder beside the archive, so that both are on the same file system.
  const folder = mkdtempSync(join(dirname(archive), '.parley-backup-'));
  try {
    const dumped = await dumpDatabases(folder);
    const objects = await copyObjects(folder);
    await pack(folder, { format: 1, created_at: now.toISOString(), databases: dumped, objects }, archive);
    say(`${archive}: ${dumped.length} databases, ${objects.length} objects, ${Bun.file(archive).size} bytes`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
