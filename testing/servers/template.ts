/** Folders that take long to make: made once and copied from then on. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';

/** Has `make` fill this folder, unless that was done before. @param make gets an empty folder, and leaves nothing running */
export const ensureTemplate = (template: string, make: (folder: string) => void): void => {
  if (existsSync(template)) return;
  const folder = `${template}-${crypto.randomUUID()}`;
  mkdirSync(folder, { recursive: true });
  make(folder);
  moveInPlace(folder, template);
};

/** Renaming is atomic: of two processes that made one at the same time, the first has its own in place. */
const moveInPlace = (folder: string, template: string): void => {
  try {
    renameSync(folder, template);
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOTEMPTY') throw error;
    rmSync(folder, { recursive: true });
  }
};

/** @throws when the copy fails */
export const copyFolder = (from: string, to: string): void => {
  const { success, stderr } = Bun.spawnSync(['cp', '-a', from, to]);
  if (!success) throw new Error(`${from} could not be copied: ${stderr}`);
};
