/** For tests of stores: rooms and short messages. */
import type { Draft, Message } from '../messages/rules.ts';
import { createMessageStore, type MessageStore, type Written } from '../messages/store.ts';
import { createRoomStore } from '../rooms/store.ts';
import type { Databases } from './backends.ts';

export const draft = (content: string, more: Partial<Draft> = {}): Draft => ({
  userId: 'alice',
  username: 'Alice',
  content,
  messageType: 'text',
  fileUrl: null,
  clientId: null,
  ...more,
});

/** @throws when there is no such room */
export const appendAll = async (store: MessageStore, room: string, drafts: readonly Draft[]): Promise<Written[]> => {
  const written = await store.append(room, drafts);
  if (!written) throw new Error('There is no such room');
  return written;
};

export interface MessageFixture {
  /** The stores of two replicas. */
  readonly here: MessageStore;
  readonly there: MessageStore;
  /** Creates a room for one test. @returns its id */
  newRoom(): Promise<string>;
  append(room: string, content: string, more?: Partial<Draft>): Promise<Message>;
}

export const openMessages = (databases: Databases): MessageFixture => {
  const rooms = createRoomStore(databases.here);
  const here = createMessageStore(databases.here);
  return {
    here,
    there: createMessageStore(databases.there),
    newRoom: async () => {
      const id = crypto.randomUUID();
      await rooms.create({ id, name: id });
      return id;
    },
    append: async (room, content, more) => {
      const [written] = await appendAll(here, room, [draft(content, more)]);
      if (!written) throw new Error('Nothing was written');
      return written.message;
    },
  };
};
