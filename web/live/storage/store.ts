/** Where the page keeps what is typed: in the browser, and what the browser doesn't take (a full disk, storage that is forbidden) in itself. */
import type { Store } from './keys.ts';

export interface HoldingStore extends Store {
  /** How much would be gone with the page. */
  readonly held: number;
}

/** @param inner undefined: nothing may be kept */
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
        if (!inner) throw new Error('Nothing may be kept');
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
    // Where storage is forbidden, its very name throws.
    return undefined;
  }
};

/** Of all of the person's tabs. */
export const shared = holdingStore(allowed(() => localStorage));
/** Of this tab. */
export const own = holdingStore(allowed(() => sessionStorage));
