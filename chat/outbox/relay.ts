/**
 * The relay: delivers the outbox's entries to the services that they are for, each until it is taken. Several replicas share the work;
 * one that dies leaves its share to the others. An entry may be delivered twice, and two of one message may overtake each other:
 * each carries the message's `seq`, by which the notification service ignores what is older than what it knows.
 */
import type { Call } from '@parley/client/http';
import { errorFields, type Log as Logger } from '@parley/kit/process/log';
import type { ChatMetrics } from '../metrics.ts';
import { deliveryOf, verdictOf } from './deliveries.ts';
import type { Entry, OutboxStore } from './outbox.ts';
import { createRounds, type Rounds } from './rounds.ts';
import { statusOf } from './services.ts';

export interface RelayOptions {
  readonly store: Pick<OutboxStore, 'take' | 'settle'>;
  /** To other services. */
  readonly call: Call;
  readonly metrics: ChatMetrics;
  readonly logger: Logger;
}

export interface ExpiryOptions {
  readonly store: Pick<OutboxStore, 'expire'>;
  /** How long delivered entries are kept. */
  readonly retentionDays: number;
  readonly logger: Logger;
}

const BATCH = 20;
const EXPIRY_MS = 3_600_000;

export const createRelay = ({ store, call, metrics, logger }: RelayOptions): Rounds => {
  /** True when the entry needs no further attempt. */
  const deliver = async (entry: Entry): Promise<boolean> => {
    const delivery = deliveryOf(entry);
    if (!delivery) return true;
    const { kind, messageId: message_id } = entry;
    try {
      const status = await statusOf(delivery(call));
      const outcome = verdictOf(entry, status);
      metrics.relayed.inc({ kind, outcome });
      if (outcome === 'refused') logger.info({ event: 'entry_refused', kind, status, message_id });
      return outcome !== 'retried';
    } catch (error) {
      metrics.relayed.inc({ kind, outcome: 'retried' });
      logger.warn({ event: 'entry_not_taken', kind, ...errorFields(error) });
      return false;
    }
  };

  /** Goes on while whole batches are taken, so that a backlog clears without waiting. */
  const work = async (): Promise<boolean> => {
    const entries = await store.take(BATCH);
    const outcomes = await Promise.all(entries.map(deliver));
    const settled = entries.filter((_, index) => outcomes[index]);
    if (settled.length > 0) await store.settle(settled);
    return settled.length === BATCH;
  };
  return createRounds({ work, failure: 'outbox_away', logger });
};

/** Deletes what was delivered long ago, every hour. */
export const createExpiry = ({ store, retentionDays, logger }: ExpiryOptions): Rounds =>
  createRounds({
    work: async () => (await store.expire(retentionDays)) > 0,
    failure: 'outbox_expiry_failed',
    logger,
    intervalMs: EXPIRY_MS,
  });
