/** Deletes what is old, at intervals, in chunks so that no statement holds rows for long: read notifications, keys, known changes of messages. */
import { errorFields, type Log } from '@parley/kit/process/log';
import type { MessageStore } from './messages/store.ts';
import type { NotificationMetrics } from './metrics.ts';
import type { NotificationStore } from './notifications/store.ts';

const DAY_MS = 86_400_000;

/** What dates from before this time (ms since 1970) has expired. */
const expiryOf = (nowMs: number, retentionDays: number): number => nowMs - retentionDays * DAY_MS;

export interface Retention {
  /** Deletes what has expired by now. @returns how many notifications */
  sweep(): Promise<number>;
  /** Sweeps now and at every interval. A sweep that fails is logged, and the next tries again. */
  start(): void;
  /** Starts no further chunk, and resolves when the running one is done. */
  close(): Promise<void>;
}

export interface RetentionParts {
  readonly store: Pick<NotificationStore, 'removeReadBefore' | 'forgetKeysBefore'>;
  readonly messages: Pick<MessageStore, 'forgetBefore'>;
  /** Ms since 1970. */
  readonly clock: () => number;
  readonly retentionDays: number;
  readonly keyRetentionDays: number;
  readonly intervalMs: number;
  readonly log: Log;
  readonly metrics: Pick<NotificationMetrics, 'retentionDeleted'>;
}

export const createRetention = (parts: RetentionParts): Retention => {
  const { store, messages, clock, retentionDays, keyRetentionDays, intervalMs, log, metrics } = parts;
  let isClosed = false;
  let timer: Timer | undefined;
  let running: Promise<void> | undefined;

  /** @param remove deletes a chunk and answers how many rows that were */
  const removeAll = async (remove: (time: Date) => Promise<number>, days: number): Promise<number> => {
    const expiry = new Date(expiryOf(clock(), days));
    let deleted = 0;
    for (let chunk = 1; chunk > 0 && !isClosed; deleted += chunk) chunk = await remove(expiry);
    return deleted;
  };

  const sweep = async (): Promise<number> => {
    const deleted = await removeAll(async (time) => {
      const chunk = await store.removeReadBefore(time);
      metrics.retentionDeleted.inc(chunk);
      return chunk;
    }, retentionDays);
    await removeAll(store.forgetKeysBefore, keyRetentionDays);
    await removeAll(messages.forgetBefore, keyRetentionDays);
    return deleted;
  };

  const sweepAndLog = async (): Promise<void> => {
    try {
      const deleted = await sweep();
      if (deleted > 0) log.info({ event: 'retention', deleted });
    } catch (error) {
      log.warn({ event: 'retention_failed', ...errorFields(error) });
    } finally {
      running = undefined;
    }
  };

  const tick = () => {
    running ??= sweepAndLog();
  };

  return {
    sweep,
    start: () => {
      tick();
      timer = setInterval(tick, intervalMs);
    },
    close: async () => {
      isClosed = true;
      clearInterval(timer);
      await running;
    },
  };
};
