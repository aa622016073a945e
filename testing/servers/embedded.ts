/**
 * Embedded databases for tests. Initializing one takes seconds of work: it is done once per version, kept beside the packages, and
 * copied.
 */
import { join, resolve } from 'node:path';
import { devDependencies } from '../package.json';
import { newFolder } from '../run/run-folder.ts';
import { copyFolder, ensureTemplate } from './template.ts';

const SCRIPT = join(import.meta.dir, 'embedded.template.ts');
const TEMPLATE = resolve(
  import.meta.dir,
  `../../node_modules/.cache/parley/embedded-${devDependencies['@electric-sql/pglite']}`,
);

/** Makes what others are copies of, unless it is there. */
export const prepareEmbedded = (): void =>
  ensureTemplate(TEMPLATE, (folder) => {
    const { success, stderr } = Bun.spawnSync([process.execPath, SCRIPT, folder]);
    if (!success) throw new Error(`An embedded database could not be initialized:\n${stderr}`);
  });

/** The url of a new, empty embedded database, for one opener or for several of this process. */
export const newEmbeddedUrl = (): string => {
  prepareEmbedded();
  const folder = join(newFolder('embedded'), 'data');
  copyFolder(TEMPLATE, folder);
  return `pglite:${folder}`;
};
