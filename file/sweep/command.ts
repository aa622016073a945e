/** `bun run file:sweep [--force]`: one sweep, with the service's variables; without any, of what `bun run dev` has stored. */
import { join } from 'node:path';
import { ConfigError, type Environment, parseConfig } from '@parley/kit/process/config';
import { createLog } from '@parley/kit/process/log';
import { openDatabase } from '@parley/kit/stores/database.open';
import { FileVariables } from '../config.ts';
import { migrations } from '../db/migrations/index.ts';
import { createFileStore } from '../files/store.ts';
import { openObjectStore } from '../objects/store.open.ts';
import { createLeases } from './lease.ts';
import { createSweep } from './sweep.ts';

/** Both stores are those of `bun run dev`, or neither: rows of one must never be compared with objects of another. */
const withDevelopmentStores = (env: Environment): Environment => {
  if (env.DATABASE_URL || env.MINIO_ENDPOINT || env.STORAGE_DIR) return env;
  const folder = env.DATA_DIR ?? '.data';
  return { ...env, DATABASE_URL: `pglite:${join(folder, 'postgres')}`, STORAGE_DIR: join(folder, 'files') };
};

/** @returns the process's exit code: 0 when all is in order or repaired */
const sweepOnce = async (env: Environment, isForced: boolean): Promise<number> => {
  const config = parseConfig(FileVariables, withDevelopmentStores(env));
  const log = createLog('file', config.logLevel);
  const database = openDatabase({ url: config.databaseUrl, log });
  const objects = openObjectStore(config, log);
  try {
    await database.migrate('file', migrations);
    const files = createFileStore(database);
    const leases = createLeases(database);
    const report = await createSweep({ files, objects, leases, log, graceMs: config.sweepGraceMs }).run(isForced);
    if (!report) log.info({ event: 'sweep_left_out', detail: 'Another process sweeps' });
    return report?.isRefused ? 1 : 0;
  } finally {
    objects.close();
    await database.close();
  }
};

if (import.meta.main) {
  try {
    process.exitCode = await sweepOnce(process.env, process.argv.includes('--force'));
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${error instanceof ConfigError ? text : `The sweep failed: ${text}`}\n`);
    process.exitCode = 1;
  }
}
