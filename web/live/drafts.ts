/** What is typed and not sent, by room; it survives a reload. */
import { keyPrefix, type Store } from './kept.ts';

export interface Drafts {
  read(room: string): string;
  write(room: string, text: string): void;
}

export const createDrafts = (store: Store, userId: string): Drafts => {
  const keyOf = (room: string) => keyPrefix('draft', userId) + room;
  return {
    read: (room) => store.getItem(keyOf(room)) ?? '',
    write: (room, text) => {
      try {
        if (text === '') store.removeItem(keyOf(room));
        else store.setItem(keyOf(room), text);
      } catch {
        // A full or forbidden storage: the text is still in its field.
      }
    },
  };
};
