/** Calls back when a source file changes. Built-ins only. */
import { type FSWatcher, readdirSync, watch } from 'node:fs';
import { join } from 'node:path';

const SOURCE = /\.(ts|css|sql|html)$/;
const SKIPPED = new Set(['node_modules', 'dist']);
const DEBOUNCE_MS = 100;

const foldersOf = (folder: string): string[] => [
  folder,
  ...readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !SKIPPED.has(entry.name))
    .flatMap((entry) => foldersOf(join(folder, entry.name))),
];

/**
 * Watches each source folder by itself. A recursive watch would include the folders of packages and data.
 * @param onChange called once per burst of changes, with the first file of it
 * @returns stops watching
 */
export const watchSources = (root: string, onChange: (file: string) => void): (() => void) => {
  const watchers = new Map<string, FSWatcher>();
  let timer: Timer | undefined;
  let changed: string | undefined;

  const report = () => {
    timer = undefined;
    const file = changed;
    changed = undefined;
    watchFolders();
    if (file) onChange(file);
  };

  const onEvent = (folder: string, name: string | null) => {
    if (name && SOURCE.test(name)) changed ??= join(folder, name);
    // The event may be of a new folder, which has no suffix: the timer also looks for new folders.
    timer ??= setTimeout(report, DEBOUNCE_MS);
  };

  const watchFolders = () => {
    const folders = new Set(foldersOf(root));
    for (const [folder, watcher] of watchers) {
      if (folders.has(folder)) continue;
      watcher.close();
      watchers.delete(folder);
    }
    for (const folder of folders) {
      if (watchers.has(folder)) continue;
      watchers.set(
        folder,
        watch(folder, (_, name) => onEvent(folder, name)),
      );
    }
  };

  watchFolders();
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers.values()) watcher.close();
  };
};
