/**
 * Unsent text by room, or by message while it is edited. It survives a reload. Each tab has a draft of its own; a new tab begins with
 * the one that was written last.
 */
import { keyPrefix, type Store } from './keys.ts';

export interface Drafts {
  read(room: string): string;
  write(room: string, text: string): void;
}

/**
 * @param shared the store of all tabs
 * @param own the store of this tab
 */
export const createDrafts = (shared: Store, own: Store, userId: string): Drafts => {
  const keyOf = (room: string) => keyPrefix('draft', userId) + room;
  return {
    read: (room) => own.getItem(keyOf(room)) ?? shared.getItem(keyOf(room)) ?? '',
    write: (room, text) => {
      const key = keyOf(room);
      const before = own.getItem(key);
      const isOtherTabs = before !== null && ![null, before].includes(shared.getItem(key));
      // When this tab empties its draft, another tab's draft stays stored, but this tab must not show it: store '' for this tab.
      if (text !== '' || isOtherTabs) own.setItem(key, text);
      else own.removeItem(key);
      if (text !== '') shared.setItem(key, text);
      else if (!isOtherTabs) shared.removeItem(key);
    },
  };
};
