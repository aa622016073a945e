/**
 * The relay: delivers entries of the outbox to other services, and retries each until the service took it. Replicas share the work; the
 * entries that a replica took before it died are taken by another one. An entry may be delivered twice, and two entries of one message may
 * overtake each other: each carries the message's `seq`, so that the notification service can ignore an outdated one.
 */
import type { Call } from '@parley/client/http';
import { errorFields, type Log } from '@parley/kit/process/log';
import type { CommitListener } from '../messages/message-log.ts';
import { mayConcernOthers } from '../messages/rules.ts';
import type { ChatMetrics } from '../metrics.ts';
import { deliveryOf, verdictOf } from './deliveries.ts';
import type { Entry, OutboxStore } from './outbox.ts';
import { createRounds, type Rounds } from './rounds.ts';
import { statusOf } from './services.ts';

export interface RelayDeps {
  readonly store: Pick<OutboxStore, 'take' | 'markDelivered'>;
  /** Calls another service. */
  readonly call: Call;
  readonly metrics: ChatMetrics;
  readonly log: Log;
}

export interface ExpiryDeps {
  readonly store: Pick<OutboxStore, 'expire'>;
  /** How long delivered entries are kept. */
  readonly retentionDays: number;
  readonly log: Log;
}

/** Starts a round when a commit may have queued entries. */
export type Relay = Rounds & CommitListener;

const BATCH = 20;
const EXPIRY_MS = 3_600_000;

export const createRelay = ({ store, call, metrics, log }: RelayDeps): Relay => {
  /** True when the entry needs no further attempt. */
  const deliver = async (entry: Entry): Promise<boolean> => {
    const delivery = deliveryOf(entry);
    if (!delivery) return true;
    const { kind, messageId: message_id } = entry;
    try {
      const status = await statusOf(delivery(call));
      const outcome = verdictOf(entry, status);
      metrics.relayed.inc({ kind, outcome });
      if (outcome === 'refused') log.info({ event: 'entry_refused', kind, status, message_id });
      return outcome !== 'retried';
    } catch (error) {
      metrics.relayed.inc({ kind, outcome: 'retried' });
      log.warn({ event: 'entry_not_taken', kind, ...errorFields(error) });
      return false;
    }
  };

  /** Asks for another round after a full batch that was delivered, so that a backlog clears without waiting. */
  const work = async (): Promise<boolean> => {
    const entries = await store.take(BATCH);
    const outcomes = await Promise.all(entries.map(deliver));
    const delivered = entries.filter((_, index) => outcomes[index]);
    if (delivered.length > 0) await store.markDelivered(delivered);
    return delivered.length === BATCH;
  };
  const rounds = createRounds({ work, failure: 'outbox_away', log });
  return {
    ...rounds,
    committed: (_, written) => {
      if (written.some(({ message }) => mayConcernOthers(message))) rounds.wake();
    },
  };
};

/** Deletes entries whose retention is over, every hour. */
export const createExpiry = ({ store, retentionDays, log }: ExpiryDeps): Rounds =>
  createRounds({
    work: async () => (await store.expire(retentionDays)) > 0,
    failure: 'outbox_expiry_failed',
    log,
    intervalMs: EXPIRY_MS,
  });
