/**
 * The relay: delivers the outbox's entries to the services that they are for, each until it is taken. Several replicas share the work;
 * one that dies leaves its share to the others. An entry may be delivered twice, and two of one message may overtake each other:
 * each carries the message's `seq`, by which the notification service ignores what is older than what it knows.
 */
import { errorFields, type Log as Logger } from '@parley/kit/log';
import type { ChatMetrics } from '../metrics.ts';
import { type Delivery, deliveryOf, type Services, verdictOf } from './deliveries.ts';
import type { Entry, OutboxStore } from './outbox.ts';
import { createRounds, type Rounds } from './rounds.ts';

export interface RelayOptions {
  readonly store: Pick<OutboxStore, 'take' | 'settle'>;
  readonly services: Services;
  /** The headers by which chat proves itself to other services. */
  headers(): Promise<Record<string, string>>;
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
const TIMEOUT_MS = 5_000;

export const createRelay = ({ store, services, headers, metrics, logger }: RelayOptions): Rounds => {
  const send = async ({ url, method, headers: own, body }: Delivery): Promise<number> => {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const proof = await headers();
    const response = await fetch(url, { method, headers: { ...own, ...proof }, signal, ...(body ? { body } : {}) });
    await response.arrayBuffer();
    return response.status;
  };

  /** True when the entry needs no further attempt. */
  const deliver = async (entry: Entry): Promise<boolean> => {
    const delivery = deliveryOf(entry, services);
    if (!delivery) return true;
    const { kind, messageId: message_id } = entry;
    try {
      const status = await send(delivery);
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
