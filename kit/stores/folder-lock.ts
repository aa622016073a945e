/** Locks a folder of the embedded database for one process, whose id is kept in a file next to the folder. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { isAlive } from '../process/alive.ts';

/** Thrown when another process has the folder open. */
export class FolderInUse extends Error {
  constructor(folder: string, owner: number) {
    super(
      `The embedded database in ${folder} is in use by process ${owner}: stop it, or set DATA_DIR to another folder`,
    );
    this.name = 'FolderInUse';
  }
}

const fileOf = (folder: string): string => `${folder}.pid`;

/** @throws {FolderInUse} if another running process has the folder open */
export const requireFree = (folder: string): void => {
  const owner = existsSync(fileOf(folder)) ? Number(readFileSync(fileOf(folder), 'utf8')) : 0;
  if (owner && owner !== process.pid && isAlive(owner)) throw new FolderInUse(folder, owner);
};

/** Locks the folder for this process. @returns the file whose removal unlocks it. @throws {FolderInUse} */
export const lock = (folder: string): string => {
  requireFree(folder);
  writeFileSync(fileOf(folder), String(process.pid));
  return fileOf(folder);
};
