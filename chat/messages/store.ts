/** All SQL of the message log. Writes go through the functions in `db/functions`, which assign `seq`. */
import type { Database } from '@parley/kit/stores/database';
import { type SQL, sql } from 'drizzle-orm';
import { placesIn } from '../mentions/places.ts';
import { nameKeys } from '../people.ts';
import type { Draft, Message } from './rules.ts';

/** The message after a write. `isNew` is false when the write changed nothing: a retry, or the same edit again. */
export interface Written {
  readonly message: Message;
  readonly isNew: boolean;
}

export interface MessageStore {
  /**
   * Appends the drafts in order, in one transaction. Returns one result per draft, in the same order; `undefined`: there is no such room.
   * If the room has a message with a draft's `clientId`, nothing is appended: the result is that message, also one of another sender. If its
   * row is gone, the result is a deleted message.
   */
  append(roomId: string, drafts: readonly Draft[]): Promise<Written[] | undefined>;
  /** `undefined`: the user has no such message in the room, or it was deleted. */
  edit(roomId: string, id: string, userId: string, content: string): Promise<Written | undefined>;
  remove(roomId: string, id: string, userId: string): Promise<Written | undefined>;
  find(roomId: string, id: string): Promise<Message | undefined>;
  /** At most `limit` messages in reading order: the newest, or those next to a position, exclusive. */
  page(roomId: string, range: { before?: number; after?: number; limit: number }): Promise<Message[]>;
  /** Messages with `seq` > cursor, by `seq`: each message that changed since, once, in its newest state. */
  changesSince(roomId: string, cursor: number, limit: number): Promise<Message[]>;
  /** Each room's `last_seq`. Unknown rooms are left out. */
  lastSeqs(roomIds: readonly string[]): Promise<Map<string, number>>;
}

const iso = (time: string): string => new Date(time).toISOString();

/** Takes the named fields only. @param row as `chat.message_json` returns it: times in Postgres' format */
const toMessage = (row: Message): Message => ({
  id: row.id,
  room_id: row.room_id,
  user_id: row.user_id,
  username: row.username,
  content: row.content,
  message_type: row.message_type,
  file_url: row.file_url,
  mentions: row.mentions,
  created_at: iso(row.created_at),
  position: row.position,
  seq: row.seq,
  edited_at: row.edited_at && iso(row.edited_at),
  deleted_at: row.deleted_at && iso(row.deleted_at),
});

const toInput = (draft: Draft) => ({
  id: crypto.randomUUID(),
  user_id: draft.userId,
  username: draft.username,
  ...nameKeys(draft),
  content: draft.content,
  message_type: draft.messageType,
  file_url: draft.fileUrl,
  client_id: draft.clientId,
  // The content of a file message is the file's name, which is shown without mentions.
  mentions: draft.messageType === 'file' ? [] : placesIn(draft.content),
});

export const createMessageStore = (database: Database): MessageStore => {
  const select = async (tail: SQL): Promise<Message[]> => {
    const rows = await database.rows<{ message: Message }>(
      sql`select chat.message_json(m) as message from chat.messages m ${tail}`,
    );
    return rows.map(({ message }) => toMessage(message));
  };

  const change = async (call: SQL): Promise<Written | undefined> => {
    const [row] = await database.rows<{ is_new: boolean; message: Message }>(sql`select is_new, message from ${call}`);
    return row && { isNew: row.is_new, message: toMessage(row.message) };
  };

  const append = async (roomId: string, drafts: readonly Draft[]): Promise<Written[] | undefined> => {
    const input = JSON.stringify(drafts.map(toInput));
    const rows = await database.rows<{ is_new: boolean; message: Message }>(
      sql`select is_new, message from chat.append_messages(${roomId}, ${input}::jsonb) order by ordinal`,
    );
    if (rows.length === 0) return undefined;
    return rows.map(({ is_new, message }) => ({ isNew: is_new, message: toMessage(message) }));
  };

  return {
    append,
    edit: (roomId, id, userId, content) =>
      change(
        sql`chat.edit_message(${roomId}, ${id}::uuid, ${userId}, ${content}, ${JSON.stringify(placesIn(content))}::jsonb)`,
      ),
    remove: (roomId, id, userId) => change(sql`chat.delete_message(${roomId}, ${id}::uuid, ${userId})`),
    find: async (roomId, id) => (await select(sql`where m.room_id = ${roomId} and m.id = ${id}::uuid`))[0],
    page: async (roomId, { before, after, limit }) => {
      const inRoom = sql`where m.room_id = ${roomId}`;
      if (after !== undefined)
        return select(sql`${inRoom} and m.position > ${after} order by m.position limit ${limit}`);
      const older = before === undefined ? sql`` : sql`and m.position < ${before}`;
      return (await select(sql`${inRoom} ${older} order by m.position desc limit ${limit}`)).reverse();
    },
    changesSince: (roomId, cursor, limit) =>
      select(sql`where m.room_id = ${roomId} and m.seq > ${cursor} order by m.seq limit ${limit}`),
    lastSeqs: async (roomIds) => {
      const rows = await database.rows<{ id: string; last_seq: number | string }>(
        sql`select id, last_seq from chat.rooms where id in (select jsonb_array_elements_text(${JSON.stringify(roomIds)}::jsonb))`,
      );
      return new Map(rows.map(({ id, last_seq }) => [id, Number(last_seq)]));
    },
  };
};
