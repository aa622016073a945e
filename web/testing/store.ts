/** Storage as a browser's, for one test. */
import type { Store } from '../live/storage/keys.ts';

/** @param isFull refuses to keep anything more */
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
