/** The browser's storage. Entries that it rejects (quota exceeded, storage disabled) are held in memory until the page is left. */
import type { Store } from './keys.ts';

export interface HoldingStore extends Store {
  /** How many entries are only in memory, hence lost when the page is left. */
  readonly held: number;
}

/** @param inner undefined where storage is disabled */
export const holdingStore = (inner: Store | undefined): HoldingStore => {
  const held = new Map<string, string>();
  return {
    get held() {
      return held.size;
    },
    get length() {
      return held.size + (inner?.length ?? 0);
    },
    key: (index) => [...held.keys()][index] ?? inner?.key(index - held.size) ?? null,
    getItem: (key) => held.get(key) ?? inner?.getItem(key) ?? null,
    setItem: (key, value) => {
      try {
        if (!inner) throw new Error('Storage is disabled');
        inner.setItem(key, value);
        held.delete(key);
      } catch {
        held.set(key, value);
      }
    },
    removeItem: (key) => {
      held.delete(key);
      inner?.removeItem(key);
    },
  };
};

const allowed = (storage: () => Store): Store | undefined => {
  try {
    return storage();
  } catch {
    // Where storage is disabled, reading `localStorage` throws.
    return undefined;
  }
};

/** Shared by all tabs. */
export const sharedStore = holdingStore(allowed(() => localStorage));
/** For this tab only. */
export const ownStore = holdingStore(allowed(() => sessionStorage));
