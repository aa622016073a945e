/**
 * Embedded databases for tests. Initializing one takes seconds, so one per version is initialized, kept in node_modules and copied.
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

/** Makes the template that new databases are copied from, unless it exists. */
export const prepareEmbedded = (): void =>
  ensureTemplate(TEMPLATE, (folder) => {
    const { success, stderr } = Bun.spawnSync([process.execPath, SCRIPT, folder]);
    if (!success) throw new Error(`An embedded database could not be initialized:\n${stderr}`);
  });

/** The URL of a new, empty embedded database, which several openers of this process may share. */
export const newEmbeddedUrl = (): string => {
  prepareEmbedded();
  const folder = join(newFolder('embedded'), 'data');
  copyFolder(TEMPLATE, folder);
  return `pglite:${folder}`;
};
