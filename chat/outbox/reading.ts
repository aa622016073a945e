/**
 * The relay of what is read: mentions that a user has read in their room are marked as read in the notification service, at least
 * once, whatever is away meanwhile. A mention that isn't delivered yet waits until it is: it would come as unread afterwards.
 */
import { markRoomNotificationsRead } from '@parley/client/api/notification';
import type { Call } from '@parley/client/http';
import { errorFields, type Log as Logger } from '@parley/kit/process/log';
import type { Database } from '@parley/kit/stores/database';
import { sql } from 'drizzle-orm';
import type { ChatMetrics } from '../metrics.ts';
import { createRounds, type Rounds } from './rounds.ts';
import { statusOf } from './services.ts';

/** Mentions of one user in one room that were read. */
export interface Reading {
  readonly userId: string;
  readonly roomId: string;
  /** The position of the last of them. */
  readonly upTo: number;
  readonly messageIds: readonly string[];
}

export interface ReadStore {
  /** Takes mentions that were read, at most `limit`, by user and room. Each is due again after a while unless it was settled. */
  take(limit: number): Promise<Reading[]>;
  settle(readings: readonly Reading[]): Promise<void>;
}

export interface ReadRelayOptions {
  readonly store: ReadStore;
  /** To the notification service. */
  readonly call: Call;
  readonly metrics: Pick<ChatMetrics, 'readingsRelayed'>;
  readonly logger: Logger;
}

/** Answers that trying again can't change. */
const HOPELESS = new Set([400, 422]);
const BATCH = 100;

export const createReadStore = (database: Database): ReadStore => ({
  take: (limit) =>
    database.rows<Reading>(sql`
      with due as (
        select id from chat.outbox_entries
        where read_due_at <= now() and read_told_at is null and delivered_at is not null
        order by read_due_at limit ${limit} for update skip locked
      ), taken as (
        update chat.outbox_entries o set read_due_at = now() + interval '10 seconds'
        from due where o.id = due.id
        returning o.message_id, o.user_id
      )
      select taken.user_id as "userId", m.room_id as "roomId", max(m.position)::float8 as "upTo",
        jsonb_agg(taken.message_id) as "messageIds"
      from taken join chat.messages m on m.id = taken.message_id
      group by taken.user_id, m.room_id`),
  settle: async (readings) => {
    const keys = readings.flatMap(({ userId, messageIds }) =>
      messageIds.map((messageId) => ({ message_id: messageId, user_id: userId })),
    );
    await database.rows(sql`
      update chat.outbox_entries o set read_told_at = now()
      from jsonb_to_recordset(${JSON.stringify(keys)}::jsonb) as told (message_id uuid, user_id text)
      where o.message_id = told.message_id and o.kind = 'mention' and o.user_id = told.user_id`);
  },
});

export const createReadRelay = ({ store, call, metrics, logger }: ReadRelayOptions): Rounds => {
  /** True when nothing is to be tried again: it was taken, or can never be. */
  const patch = async ({ userId, roomId, upTo }: Reading): Promise<boolean> => {
    const status = await statusOf(call(markRoomNotificationsRead, { id: userId, room_id: roomId, up_to: upTo }));
    const [isTaken, isHopeless] = [status === 200, HOPELESS.has(status)];
    if (isHopeless) logger.error({ event: 'reading_refused', status, room_id: roomId });
    metrics.readingsRelayed.inc({ outcome: isTaken ? 'delivered' : isHopeless ? 'refused' : 'retried' });
    return isTaken || isHopeless;
  };

  const tryPatch = (reading: Reading): Promise<boolean> =>
    patch(reading).catch((error: unknown) => {
      metrics.readingsRelayed.inc({ outcome: 'retried' });
      logger.warn({ event: 'reading_not_taken', ...errorFields(error) });
      return false;
    });

  const work = async (): Promise<boolean> => {
    const readings = await store.take(BATCH);
    const outcomes = await Promise.all(readings.map(tryPatch));
    const settled = readings.filter((_, index) => outcomes[index]);
    if (settled.length > 0) await store.settle(settled);
    return readings.length > 0 && settled.length === readings.length;
  };
  return createRounds({ work, failure: 'readings_away', logger });
};
