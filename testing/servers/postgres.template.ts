/** An initialized data folder of Postgres: copying it is much faster than `initdb`. */
import { chownSync } from 'node:fs';
import { join } from 'node:path';
import { runFolder } from '../run/run-folder.ts';
import { findProgram, type SystemUser } from './programs.ts';
import { ensureTemplate } from './template.ts';

const OPTIONS = [
  '--username=postgres',
  '--auth=trust',
  '--encoding=UTF8',
  '--locale=C',
  '--no-sync',
  '--wal-segsize=1',
];

/** @returns the path of the template folder */
export const postgresTemplate = (user: SystemUser | undefined): string => {
  const template = join(runFolder(), 'postgres-template');
  ensureTemplate(template, (folder) => {
    if (user) chownSync(folder, user.uid, user.gid);
    const command = [findProgram('initdb') ?? 'initdb', '-D', folder, ...OPTIONS];
    const { success, stderr } = Bun.spawnSync(command, { cwd: folder, ...user });
    if (!success) throw new Error(`initdb failed:\n${stderr}`);
  });
  return template;
};
