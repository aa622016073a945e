/** Folders that take long to make: made once per run and copied from then on. */
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { newFolder, runFolder } from './run-folder.ts';

/** The folder of this name, which `make` has filled. @param make fills an empty folder's subfolder that isn't there yet */
export const templateFolder = (name: string, make: (folder: string) => void): string => {
  const template = join(runFolder(), `${name}-template`);
  if (existsSync(template)) return template;
  const made = join(newFolder(name), 'data');
  make(made);
  return moveInPlace(made, template);
};

/** Renaming is atomic: of two processes that made one at the same time, the later keeps its own. */
const moveInPlace = (made: string, template: string): string => {
  try {
    renameSync(made, template);
    return template;
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOTEMPTY') throw error;
    return made;
  }
};

/** @throws when the copy fails */
export const copyFolder = (from: string, to: string): void => {
  const { success, stderr } = Bun.spawnSync(['cp', '-a', from, to]);
  if (!success) throw new Error(`${from} could not be copied: ${stderr}`);
};
