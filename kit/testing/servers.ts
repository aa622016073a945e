/**
 * Real servers for tests. `startX` gives a server of the test's own, which it may stop, kill and pause; `freshDatabase` a new
 * database on a Postgres that the whole run shares. `describeWith` leaves a suite out, and says so, where a server is missing.
 */
import { describe, test } from 'bun:test';
import { findMinio, startMinioProgram } from './minio.ts';
import { execute, findPostgres, startPostgresProgram } from './postgres.ts';
import { findProgram } from './programs.ts';
import { findRedis, startRedisProgram } from './redis.ts';
import { reportLeftOut } from './run-folder.ts';

/** Keeps its url and data until it is closed. */
export interface TestServer {
  readonly url: string;
  /** Resolves when the server answers. */
  start(): Promise<void>;
  /** In order, as an operator stops it. */
  stop(): Promise<void>;
  /** At once, as a crash does (SIGKILL). */
  kill(): Promise<void>;
  /** Freezes it: connections stay open and nothing answers (SIGSTOP). */
  pause(): void;
  resume(): void;
  /** Ends it and removes its data. What a test doesn't close is closed at the end of the run. */
  close(): Promise<void>;
}

export interface MinioServer extends TestServer {
  readonly accessKey: string;
  readonly secretKey: string;
  /** `host:port`, as the variable MINIO_ENDPOINT has it. */
  readonly endpoint: string;
}

export interface FreshDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

export type Need = 'postgres' | 'redis' | 'minio' | 'nginx' | 'chromium' | 'docker';

const required = (program: string | undefined, name: string): string => {
  if (!program) throw new Error(`This machine has no ${name}: put the suite into describeWith(['${name}'], ...)`);
  return program;
};

export const startPostgres = async (): Promise<TestServer> =>
  startPostgresProgram(required(findPostgres(), 'postgres'));
export const startRedis = async (): Promise<TestServer> => startRedisProgram(required(findRedis(), 'redis'));
export const startMinio = async (): Promise<MinioServer> => startMinioProgram(required(findMinio(), 'minio'));

let sharedPostgres: Promise<{ readonly url: string }> | undefined;

/** A new, empty database. */
export const freshDatabase = async (): Promise<FreshDatabase> => {
  sharedPostgres ??= startPostgres();
  const { url: adminUrl } = await sharedPostgres;
  const name = `parley_${crypto.randomUUID().replaceAll('-', '')}`;
  await execute(adminUrl, `create database ${name}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => execute(adminUrl, `drop database if exists ${name} with (force)`) };
};

const DOCKER_TIMEOUT_MS = 2_000;

const dockerAnswers = (): boolean => {
  const docker = findProgram('docker');
  return docker !== undefined && Bun.spawnSync([docker, 'info'], { timeout: DOCKER_TIMEOUT_MS }).success;
};

const finders: Record<Need, () => unknown> = {
  postgres: findPostgres,
  redis: findRedis,
  minio: findMinio,
  nginx: () => findProgram('nginx'),
  chromium: () => findProgram('chromium', 'chromium-browser', 'google-chrome'),
  docker: dockerAnswers,
};

const known = new Map<Need, boolean>();

const has = (need: Need): boolean => {
  const isThere = known.get(need) ?? Boolean(finders[need]());
  known.set(need, isThere);
  return isThere;
};

/** A suite that needs these servers and programs. Where one is missing it is left out and reported; with CI=true that is a failure. */
export const describeWith = (needs: readonly Need[], name: string, body: () => void): void => {
  const missing = needs.filter((need) => !has(need));
  if (missing.length === 0) {
    describe(name, body);
    return;
  }
  if (process.env.CI === 'true') {
    test(`${name}: has what it needs`, () => {
      throw new Error(`This suite needs ${missing.join(', ')}, and with CI=true nothing may be left out`);
    });
    return;
  }
  reportLeftOut(name, missing);
  describe.skip(name, body);
};
