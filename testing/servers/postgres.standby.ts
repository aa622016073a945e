/** A streaming standby of a Postgres for tests, which may take its place. */
import { chownSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../time/eventually.ts';
import { commandOf, execute, newServer, postgres, postgresUser, query } from './postgres.ts';
import { onFreePort, startProgram } from './process-server.ts';
import { findProgram } from './programs.ts';
import type { TestServer } from './test-server.ts';

export interface Standby extends TestServer {
  /** Makes it a primary. */
  promote(): Promise<void>;
}

/** A server that a standby can copy: a program of this machine, whatever else tests take servers from. */
export const startPrimary = async (): Promise<TestServer> => {
  const program = findProgram('postgres');
  if (!program) throw new Error('There is no postgres here');
  return postgres.startProgram(program);
};

/** A copy of a running primary that follows it. From now on the primary acknowledges only what the standby has, too. */
export const startStandby = async (primary: TestServer): Promise<Standby> => {
  const standby = await onFreePort(() => {
    const { port, ...server } = newServer();
    const user = postgresUser();
    if (user) chownSync(server.folder, user.uid, user.gid);
    const data = join(server.folder, 'data');
    const copy = [findProgram('pg_basebackup') ?? 'pg_basebackup', '-d', primary.url, '-D', data, '-R', '-c', 'fast'];
    const { success, stderr } = Bun.spawnSync(copy, { cwd: server.folder, ...user });
    if (!success) throw new Error(`pg_basebackup failed:\n${stderr}`);
    const program = findProgram('postgres') ?? 'postgres';
    return startProgram({ ...server, command: commandOf(program, data, port), user, stopSignal: 'SIGINT' });
  });
  await execute(primary.url, "alter system set synchronous_standby_names = '*'", 'select pg_reload_conf()');
  await eventually(async () => {
    const rows = await query(primary.url, "select from pg_stat_replication where sync_state = 'sync'");
    if (rows.length === 0) throw new Error('The standby does not follow yet');
  });
  return {
    ...standby,
    // What the copy has of the primary's settings would make it wait for a standby of its own.
    promote: () =>
      execute(
        standby.url,
        "alter system set synchronous_standby_names = ''",
        'select pg_reload_conf()',
        'select pg_promote(true, 30)',
      ),
  };
};
