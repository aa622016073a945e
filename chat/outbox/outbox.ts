/** The outbox: events of messages that other services need. The functions of `db/functions/` queue entries, the relay delivers them. */
import type { Database } from '@parley/kit/stores/database';
import { sql } from 'drizzle-orm';

/** An entry, with the current state of its message. */
export interface Entry {
  readonly id: string;
  readonly kind: 'mention' | 'correction' | 'retraction' | 'file';
  readonly messageId: string;
  /** The message's `seq` when the entry was queued or renewed. */
  readonly seq: number;
  /** Of a mention: the person who is mentioned; of other kinds: the message's author. */
  readonly userId: string;
  /** Of a correction: the users whom the message still mentions. */
  readonly mentioned: readonly string[] | null;
  /** Of a file: its id, and whether a message refers to it. */
  readonly fileId: string | null;
  readonly isFileUsed: boolean;
  readonly roomId: string;
  readonly fromUser: string;
  readonly username: string;
  readonly content: string;
  /** The message's position in its room. */
  readonly position: number;
}

export interface OutboxStore {
  /** Takes entries that are due. Each is due again after 10 to 60 seconds (longer with each attempt) unless it is marked as delivered. */
  take(limit: number): Promise<Entry[]>;
  /** Ends the attempts for these entries. An entry that was renewed since it was taken (its `seq` differs) stays due. */
  markDelivered(entries: readonly Entry[]): Promise<void>;
  /**
   * Deletes up to `CHUNK_ROWS` entries that were delivered more than `retentionDays` ago. A mention that its user has not read is kept
   * `UNREAD_FACTOR` times as long, because reading the room has to mark it as read. @returns how many; 0: none are left
   */
  expire(retentionDays: number): Promise<number>;
}

const CHUNK_ROWS = 5_000;
const UNREAD_FACTOR = 12;

export const createOutboxStore = (database: Database): OutboxStore => ({
  take: (limit) =>
    database.rows<Entry>(sql`
      with due as (
        select id from chat.outbox_entries
        where delivered_at is null and next_attempt_at <= now()
        order by next_attempt_at limit ${limit} for update skip locked
      )
      update chat.outbox_entries e
      set attempts = e.attempts + 1, next_attempt_at = now() + least(10 * power(2, least(e.attempts, 3)), 60) * interval '1 second'
      from due, chat.messages m
      where e.id = due.id and m.id = e.message_id
      returning e.id, e.kind, e.message_id as "messageId", e.seq::float8 as seq, e.user_id as "userId", e.mentioned,
        e.file_id as "fileId", e.kind = 'file' and chat.is_file_used(e.file_id) as "isFileUsed",
        m.room_id as "roomId", m.user_id as "fromUser", m.username, m.content, m.position::float8 as position`),
  markDelivered: async (entries) => {
    const done = JSON.stringify(entries.map(({ id, seq }) => ({ id, seq })));
    await database.rows(sql`
      update chat.outbox_entries e set delivered_at = now()
      from jsonb_to_recordset(${done}::jsonb) as done (id uuid, seq bigint)
      where e.id = done.id and e.seq = done.seq`);
  },
  expire: async (retentionDays) => {
    const removed = await database.rows(sql`
      delete from chat.outbox_entries where id in (
        select id from chat.outbox_entries
        where delivered_at < now() - ${retentionDays}::int * interval '1 day' and (kind <> 'mention' or read_told_at is not null
          or delivered_at < now() - ${retentionDays * UNREAD_FACTOR}::int * interval '1 day')
        order by delivered_at limit ${CHUNK_ROWS} for update skip locked
      ) returning id`);
    return removed.length;
  },
});
