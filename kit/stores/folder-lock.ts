/** One process at a time has a folder of the embedded database: its id is in a file beside it. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { isAlive } from '../process/alive.ts';

/** The folder is another process's. */
export class FolderInUse extends Error {
  constructor(folder: string, owner: number) {
    super(
      `The embedded database in ${folder} is in use by process ${owner}: stop it, or set DATA_DIR to another folder`,
    );
    this.name = 'FolderInUse';
  }
}

const fileOf = (folder: string): string => `${folder}.pid`;

/** @throws {FolderInUse} when another living process has it */
export const requireFree = (folder: string): void => {
  const owner = existsSync(fileOf(folder)) ? Number(readFileSync(fileOf(folder), 'utf8')) : 0;
  if (owner && owner !== process.pid && isAlive(owner)) throw new FolderInUse(folder, owner);
};

/** Takes it for this process. @returns the file to remove when it is let go. @throws {FolderInUse} */
export const lock = (folder: string): string => {
  requireFree(folder);
  writeFileSync(fileOf(folder), String(process.pid));
  return fileOf(folder);
};
