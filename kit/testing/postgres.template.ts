/** An initialized data folder, made once per run: a copy of it starts in a fraction of the time that `initdb` takes. */
import { chownSync, existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, type SystemUser } from './programs.ts';
import { newFolder, runFolder } from './run-folder.ts';

const OPTIONS = [
  '--username=postgres',
  '--auth=trust',
  '--encoding=UTF8',
  '--locale=C',
  '--no-sync',
  '--wal-segsize=1',
];

/** The folder's path. */
export const postgresTemplate = (user: SystemUser | undefined): string => {
  const template = join(runFolder(), 'postgres-template');
  if (existsSync(template)) return template;
  const workFolder = newFolder('initdb');
  if (user) chownSync(workFolder, user.uid, user.gid);
  const data = join(workFolder, 'data');
  const command = [findProgram('initdb') ?? 'initdb', '-D', data, ...OPTIONS];
  const { success, stderr } = Bun.spawnSync(command, { cwd: workFolder, ...user });
  if (!success) throw new Error(`initdb failed:\n${stderr}`);
  return moveInPlace(data, template);
};

/** Renaming is atomic: of two processes that made one at the same time, the later keeps its own. */
const moveInPlace = (data: string, template: string): string => {
  try {
    renameSync(data, template);
    return template;
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOTEMPTY') throw error;
    return data;
  }
};
