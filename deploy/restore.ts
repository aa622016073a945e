/**
 * `bun run restore FILE [--replace]`: replaces the data of the composed suite by a backup. The whole archive is verified before anything
 * changes, and existing data is only replaced with `--replace`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { serviceNames } from '../services.ts';
import { type Manifest, unpack } from './archive.ts';
import { openBucket } from './bucket.ts';
import { compose, databases, runScript, say } from './compose.ts';

const inPostgres = (command: string[], input?: string): Promise<string> =>
  compose(['exec', '-T', 'postgres', ...command], input ? { input } : {});

const psql = (database: string, statement: string): Promise<string> =>
  inPostgres([
    'psql',
    '--username=postgres',
    `--dbname=${database}`,
    '--no-align',
    '--tuples-only',
    `--command=${statement}`,
  ]);

const requireEmpty = async (): Promise<void> => {
  for (const name of databases) {
    const tables = await psql(name, `select count(*) from pg_tables where schemaname = '${name}'`);
    if (tables !== '0') throw new Error(`The database ${name} is not empty. To replace what is there: add --replace`);
  }
};

const restoreDatabases = async (manifest: Manifest, folder: string): Promise<void> => {
  for (const { name, file } of manifest.databases) {
    await psql(name, `drop schema if exists "${name}" cascade`);
    const restore = [
      'pg_restore',
      '--username=postgres',
      `--dbname=${name}`,
      '--single-transaction',
      '--exit-on-error',
    ];
    await inPostgres(restore, join(folder, file));
    say(`${name}: restored`);
  }
};

const restoreObjects = async (manifest: Manifest, folder: string): Promise<void> => {
  const bucket = openBucket(process.env);
  await bucket.make();
  const kept = new Set(manifest.objects.map(({ key }) => key));
  for (const { key, file, type } of manifest.objects) await bucket.upload(key, join(folder, file), type);
  for (const key of await bucket.keys()) if (!kept.has(key)) await bucket.remove(key);
  say(`${manifest.objects.length} objects: restored`);
};

await runScript(async () => {
  const [given, option] = process.argv.slice(2);
  if (!given) throw new Error('Name the archive: bun run restore parley-20260131T120000Z.tar [--replace]');
  const archive = resolve(given);
  const folder = mkdtempSync(join(dirname(archive), '.parley-restore-'));
  try {
    const manifest = await unpack(archive, folder);
    await compose(['up', '--detach', '--wait', 'postgres', 'redis', 'minio']);
    // Creates the bucket and the MinIO user that writes the objects below.
    await compose(['run', '--rm', 'bucket']);
    if (option !== '--replace') await requireEmpty();
    await compose(['stop', 'gateway', ...serviceNames]);
    await restoreDatabases(manifest, folder);
    await restoreObjects(manifest, folder);
    await compose(['up', '--detach', '--wait']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
