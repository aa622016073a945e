/** Deletes read notifications that are old, at intervals, in chunks so that no statement holds rows for long. */
import { errorFields, type Log } from '@parley/kit/log';
import type { NotificationMetrics } from './metrics.ts';
import { expiryOf } from './notifications/rules.ts';
import type { NotificationStore } from './notifications/store.ts';

export interface Retention {
  /** Deletes what has expired by now. @returns how many */
  sweep(): Promise<number>;
  /** Sweeps now and at every interval. A sweep that fails is logged, and the next tries again. */
  start(): void;
  /** Starts no further chunk, and resolves when the running one is done. */
  close(): Promise<void>;
}

export interface RetentionParts {
  readonly store: Pick<NotificationStore, 'removeReadBefore'>;
  /** Ms since 1970. */
  readonly clock: () => number;
  readonly retentionDays: number;
  readonly intervalMs: number;
  readonly log: Log;
  readonly metrics: Pick<NotificationMetrics, 'retentionDeleted'>;
}

export const createRetention = ({
  store,
  clock,
  retentionDays,
  intervalMs,
  log,
  metrics,
}: RetentionParts): Retention => {
  let isClosed = false;
  let timer: Timer | undefined;
  let running: Promise<void> | undefined;

  const sweep = async (): Promise<number> => {
    const expiry = new Date(expiryOf(clock(), retentionDays));
    let deleted = 0;
    for (let chunk = 1; chunk > 0 && !isClosed; deleted += chunk) {
      chunk = await store.removeReadBefore(expiry);
      metrics.retentionDeleted.inc(chunk);
    }
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
