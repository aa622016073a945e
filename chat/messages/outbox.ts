/**
 * The relay of mentions: takes from the outbox what was written with the messages and posts it to the notification service, with
 * the same `Idempotency-Key` every time, until it is taken. Several replicas share the work; one that dies leaves its share to the others.
 */
import type { Database } from '@parley/kit/database';
import { errorFields, type Log as Logger } from '@parley/kit/log';
import { sql } from 'drizzle-orm';
import type { ChatMetrics } from '../metrics.ts';

/** A mention that is to be told. */
export interface Mention {
  readonly messageId: string;
  readonly userId: string;
  readonly roomId: string;
  readonly fromUser: string;
  readonly username: string;
  readonly content: string;
  /** The message's place in its room. */
  readonly position: number;
}

export interface OutboxStore {
  /** Takes mentions that are due. Each is due again after a while (longer with each attempt) unless it was settled. */
  take(limit: number): Promise<Mention[]>;
  settle(mentions: readonly Mention[]): Promise<void>;
}

export interface Relay {
  /** There may be something to do now. */
  wake(): void;
  /** Resolves when the current round has ended. */
  close(): Promise<void>;
}

export interface RelayOptions {
  readonly store: OutboxStore;
  readonly notificationUrl: string;
  /** The headers by which chat proves itself to the notification service. */
  headers(): Promise<Record<string, string>>;
  readonly metrics: ChatMetrics;
  readonly logger: Logger;
}

/** Answers that trying again can't change: the mention is malformed, or its key is another's. */
const HOPELESS = new Set([400, 409, 422]);
const BATCH = 20;
const POLL_MS = 1_000;
const POST_TIMEOUT_MS = 5_000;
const MAX_BODY_CHARACTERS = 1_000;

export const createOutboxStore = (database: Database): OutboxStore => ({
  take: (limit) =>
    database.rows<Mention>(sql`
      with due as (
        select message_id, user_id from chat.outbox
        where delivered_at is null and next_attempt_at <= now()
        order by next_attempt_at limit ${limit} for update skip locked
      )
      update chat.outbox o
      set attempts = o.attempts + 1, next_attempt_at = now() + least(10 * power(2, least(o.attempts, 3)), 60) * interval '1 second'
      from due, chat.messages m
      where o.message_id = due.message_id and o.user_id = due.user_id and m.id = o.message_id
      returning o.message_id as "messageId", o.user_id as "userId", m.room_id as "roomId", m.user_id as "fromUser", m.username, m.content, m.position::float8 as position`),
  settle: async (mentions) => {
    const keys = JSON.stringify(mentions.map(({ messageId, userId }) => ({ message_id: messageId, user_id: userId })));
    await database.rows(sql`
      update chat.outbox o set delivered_at = now()
      from jsonb_to_recordset(${keys}::jsonb) as done (message_id uuid, user_id text)
      where o.message_id = done.message_id and o.user_id = done.user_id`);
  },
});

/** A mention as the notification API takes it. The words are those of the seed's page. */
const toNotification = ({ userId, username, content, roomId, fromUser, messageId, position }: Mention) => ({
  user_id: userId,
  title: `${username} mentioned you`,
  // A character outside the basic plane is two units: the first half alone is none.
  body: content.slice(0, MAX_BODY_CHARACTERS).replace(/[\ud800-\udbff]$/, ''),
  notif_type: 'mention',
  room_id: roomId,
  from_user: fromUser,
  message_id: messageId,
  position,
});

/** The same for the same mention. A header carries ASCII, and a user id may be of any script: its hash goes instead. */
const keyOf = ({ messageId, userId }: Mention): string =>
  `mention:${messageId}:${new Bun.CryptoHasher('sha256').update(userId).digest('hex')}`;

export const createRelay = ({ store, notificationUrl, headers, metrics, logger }: RelayOptions): Relay => {
  let round: Promise<void> | undefined;
  let isClosed = false;

  /** True when the mention needs no further attempt: it was taken, or can never be. */
  const post = async (mention: Mention): Promise<boolean> => {
    const response = await fetch(`${notificationUrl}/notifications`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'idempotency-key': keyOf(mention),
        ...(await headers()),
      },
      body: JSON.stringify(toNotification(mention)),
      signal: AbortSignal.timeout(POST_TIMEOUT_MS),
    });
    await response.arrayBuffer();
    const isHopeless = HOPELESS.has(response.status);
    if (isHopeless) logger.error({ event: 'mention_refused', status: response.status, message_id: mention.messageId });
    metrics.mentionsRelayed.inc({ outcome: response.ok ? 'delivered' : isHopeless ? 'refused' : 'retried' });
    return response.ok || isHopeless;
  };

  const tryPost = (mention: Mention): Promise<boolean> =>
    post(mention).catch((error: unknown) => {
      metrics.mentionsRelayed.inc({ outcome: 'retried' });
      logger.warn({ event: 'mention_not_taken', ...errorFields(error) });
      return false;
    });

  /** Goes on while whole batches are taken, so that a backlog clears without waiting. */
  const relay = async () => {
    for (let isMore = true; isMore && !isClosed; ) {
      const mentions = await store.take(BATCH);
      const outcomes = await Promise.all(mentions.map(tryPost));
      const settled = mentions.filter((_, index) => outcomes[index]);
      if (settled.length > 0) await store.settle(settled);
      isMore = settled.length === BATCH;
    }
  };

  const wake = () => {
    if (isClosed) return;
    round ??= relay()
      .catch((error: unknown) => logger.debug({ event: 'outbox_away', ...errorFields(error) }))
      .finally(() => {
        round = undefined;
      });
  };
  const timer = setInterval(wake, POLL_MS);

  return {
    wake,
    close: async () => {
      isClosed = true;
      clearInterval(timer);
      await round;
    },
  };
};
