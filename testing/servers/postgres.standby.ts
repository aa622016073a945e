/** A streaming standby of a Postgres for tests, which can be promoted. */
import { chownSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../time/eventually.ts';
import { commandOf, execute, newServer, postgres, postgresUser, query } from './postgres.ts';
import { onFreePort, startProgram } from './process-server.ts';
import { findProgram } from './programs.ts';
import type { TestServer } from './test-server.ts';

export interface Standby extends TestServer {
  /** Promotes it to primary. */
  promote(): Promise<void>;
}

/** Starts a primary that a standby can copy. Always a program of this machine, also when other servers run in Docker. */
export const startPrimary = async (): Promise<TestServer> => {
  const program = findProgram('postgres');
  if (!program) throw new Error('There is no postgres here');
  return postgres.startProgram(program);
};

/** Starts a standby of a running primary. From then on the primary acknowledges a commit only when the standby has it. */
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
    // The copied setting would make the standby, once promoted, wait for a standby of its own.
    promote: () =>
      execute(
        standby.url,
        "alter system set synchronous_standby_names = ''",
        'select pg_reload_conf()',
        'select pg_promote(true, 30)',
      ),
  };
};
