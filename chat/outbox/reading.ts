/**
 * The relay of readings: when a user has read mentions in a room, the notification service is to mark them as read, at least once and
 * after any outage. A mention that isn't delivered yet waits: its notification would be created as unread afterwards.
 */
import { markRoomNotificationsRead } from '@parley/client/api/notification';
import type { Call } from '@parley/client/http';
import { errorFields, type Log } from '@parley/kit/process/log';
import type { Database } from '@parley/kit/stores/database';
import { sql } from 'drizzle-orm';
import type { ChatMetrics } from '../metrics.ts';
import { createRounds, type Rounds } from './rounds.ts';
import { statusOf } from './services.ts';

/** Mentions that one user has read in one room. */
export interface Reading {
  readonly userId: string;
  readonly roomId: string;
  /** The position of the last mention. */
  readonly upTo: number;
  readonly messageIds: readonly string[];
}

export interface ReadStore {
  /** Takes at most `limit` mentions that were read, grouped by user and room. Each is due again after 10 seconds unless it is marked as delivered. */
  take(limit: number): Promise<Reading[]>;
  markDelivered(readings: readonly Reading[]): Promise<void>;
}

export interface ReadRelayDeps {
  readonly store: ReadStore;
  /** Calls the notification service. */
  readonly call: Call;
  readonly metrics: Pick<ChatMetrics, 'readingsRelayed'>;
  readonly log: Log;
}

/** Statuses that a retry can't change. */
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
  markDelivered: async (readings) => {
    const keys = readings.flatMap(({ userId, messageIds }) =>
      messageIds.map((messageId) => ({ message_id: messageId, user_id: userId })),
    );
    await database.rows(sql`
      update chat.outbox_entries o set read_told_at = now()
      from jsonb_to_recordset(${JSON.stringify(keys)}::jsonb) as told (message_id uuid, user_id text)
      where o.message_id = told.message_id and o.kind = 'mention' and o.user_id = told.user_id`);
  },
});

export const createReadRelay = ({ store, call, metrics, log }: ReadRelayDeps): Rounds => {
  /** True when the reading needs no further attempt: the service took it, or refused it for good. */
  const patch = async ({ userId, roomId, upTo }: Reading): Promise<boolean> => {
    const status = await statusOf(call(markRoomNotificationsRead, { id: userId, room_id: roomId, up_to: upTo }));
    const [isTaken, isHopeless] = [status === 200, HOPELESS.has(status)];
    if (isHopeless) log.error({ event: 'reading_refused', status, room_id: roomId });
    metrics.readingsRelayed.inc({ outcome: isTaken ? 'delivered' : isHopeless ? 'refused' : 'retried' });
    return isTaken || isHopeless;
  };

  const tryPatch = (reading: Reading): Promise<boolean> =>
    patch(reading).catch((error: unknown) => {
      metrics.readingsRelayed.inc({ outcome: 'retried' });
      log.warn({ event: 'reading_not_taken', ...errorFields(error) });
      return false;
    });

  const work = async (): Promise<boolean> => {
    const readings = await store.take(BATCH);
    const outcomes = await Promise.all(readings.map(tryPatch));
    const delivered = readings.filter((_, index) => outcomes[index]);
    if (delivered.length > 0) await store.markDelivered(delivered);
    return readings.length > 0 && delivered.length === readings.length;
  };
  return createRounds({ work, failure: 'readings_away', log });
};
