/** A browser's storage in memory, for one test. */
import type { Store } from '../live/storage/keys.ts';

/** @param isFull every write fails, as over quota */
export const memoryStore = (isFull = false): Store => {
  const items = new Map<string, string>();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => {
      if (isFull) throw new Error('The quota has been exceeded');
      items.set(key, value);
    },
    removeItem: (key) => items.delete(key),
    key: (index) => [...items.keys()][index] ?? null,
    get length() {
      return items.size;
    },
  };
};
