/**
 * Real servers for tests. `startX` starts a server for one test, which may stop, kill and pause it; `freshDatabase` makes a new database on
 * a Postgres that the whole run shares. `describeWith` leaves a suite out, and reports that, when a server is missing.
 */
import { describe, test } from 'bun:test';
import { reportLeftOut } from '../run/run-folder.ts';
import { dockerAnswers } from './docker.ts';
import { minio } from './minio.ts';
import { sharedPostgresUrl } from './postgres.shared.ts';
import { execute, postgres } from './postgres.ts';
import { findProgram } from './programs.ts';
import { redis } from './redis.ts';
import { hasAny, hasOwn } from './sources.ts';

export { type MinioServer, startMinio } from './minio.ts';
export { startPostgres } from './postgres.ts';
export { startRedis } from './redis.ts';
export type { TestServer } from './test-server.ts';

export interface FreshDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** A new, empty database. */
export const freshDatabase = async (): Promise<FreshDatabase> => {
  const adminUrl = await sharedPostgresUrl();
  const name = `parley_test_${crypto.randomUUID().replaceAll('-', '')}`;
  await execute(adminUrl, `create database ${name}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => execute(adminUrl, `drop database if exists ${name} with (force)`) };
};

const kinds = { postgres, redis, minio };

type ServerNeed = keyof typeof kinds;

/**
 * A requirement of a suite. `standby`: programs of Postgres on this machine, for a primary and its standby. `faults`: the suite stops or pauses
 * its servers, so they must not be shared.
 */
export type Need = ServerNeed | 'standby' | 'faults' | 'nginx' | 'chromium' | 'firefox' | 'node' | 'docker';

const isServer = (need: Need): need is ServerNeed => need in kinds;

const programs: Record<Exclude<Need, ServerNeed>, () => boolean> = {
  standby: () => findProgram('postgres') !== undefined && findProgram('pg_basebackup') !== undefined,
  faults: () => true,
  nginx: () => findProgram('nginx') !== undefined,
  chromium: () => findProgram('chromium', 'chromium-browser', 'google-chrome') !== undefined,
  firefox: () => findProgram('firefox', 'firefox-esr') !== undefined,
  node: () => findProgram('node') !== undefined,
  docker: dockerAnswers,
};

/** The requirements that this machine can't meet. */
const missingOf = (needs: readonly Need[]): Need[] => {
  const hasServer = needs.includes('faults') ? hasOwn : hasAny;
  return needs.filter((need) => !(isServer(need) ? hasServer(kinds[need]) : programs[need]()));
};

/** A suite with requirements. When one is missing the suite is left out and reported; with CI=true that is a failure. */
export const describeWith = (needs: readonly Need[], name: string, body: () => void): void => {
  const missing = missingOf(needs);
  if (missing.length === 0) {
    describe(name, body);
  } else if (process.env.CI === 'true') {
    test(`${name}: has what it needs`, () => {
      throw new Error(`This suite needs ${missing.join(', ')}, and with CI=true nothing may be left out`);
    });
  } else {
    reportLeftOut({ suite: name, missing });
    describe.skip(name, body);
  }
};
