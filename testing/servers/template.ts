/** Folders that are slow to make: made once, then copied. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';

/** Fills this folder by `make` unless it exists. @param make gets an empty folder; no process may use it when it returns */
export const ensureTemplate = (template: string, make: (folder: string) => void): void => {
  if (existsSync(template)) return;
  const folder = `${template}-${crypto.randomUUID()}`;
  mkdirSync(folder, { recursive: true });
  make(folder);
  moveInPlace(folder, template);
};

/** Moves the folder into place. A rename is atomic: when two processes made the folder, the first one wins. */
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
