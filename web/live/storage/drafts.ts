/** What is typed and not sent, by room; it survives a reload. Two tabs in one room have each their own; the later is what a third begins with. */
import { keyPrefix, type Store } from './keys.ts';

export interface Drafts {
  read(room: string): string;
  write(room: string, text: string): void;
}

/**
 * @param shared what all tabs keep
 * @param own what this tab keeps
 */
export const createDrafts = (shared: Store, own: Store, userId: string): Drafts => {
  const keyOf = (room: string) => keyPrefix('draft', userId) + room;
  return {
    read: (room) => own.getItem(keyOf(room)) ?? shared.getItem(keyOf(room)) ?? '',
    write: (room, text) => {
      const key = keyOf(room);
      const before = own.getItem(key);
      const isOthers = before !== null && ![null, before].includes(shared.getItem(key));
      // Emptied here, another tab's stays, and doesn't show here.
      if (text !== '' || isOthers) own.setItem(key, text);
      else own.removeItem(key);
      if (text !== '') shared.setItem(key, text);
      else if (!isOthers) shared.removeItem(key);
    },
  };
};
