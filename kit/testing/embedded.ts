/** Embedded databases for tests. Initializing one takes seconds of work: it is done once per run, and copied. */
import { join } from 'node:path';
import { newFolder } from './run-folder.ts';
import { copyFolder, templateFolder } from './template.ts';

const SCRIPT = join(import.meta.dir, 'embedded.template.ts');

/** The url of a new, empty embedded database, for one opener or for several of this process. */
export const newEmbeddedUrl = (): string => {
  const template = templateFolder('embedded', (folder) => {
    const { success, stderr } = Bun.spawnSync([process.execPath, SCRIPT, folder]);
    if (!success) throw new Error(`An embedded database could not be initialized:\n${stderr}`);
  });
  const folder = join(newFolder('embedded'), 'data');
  copyFolder(template, folder);
  return `pglite:${folder}`;
};
