/**
 * Deletes expired rows at intervals: read notifications, idempotency keys, known changes of messages. Each statement deletes one chunk, so
 * that none locks rows for long.
 */
import { errorFields, type Log } from '@parley/kit/process/log';
import type { MessageStore } from './messages/store.ts';
import type { NotificationMetrics } from './metrics.ts';
import type { NotificationStore } from './notifications/store.ts';

const DAY_MS = 86_400_000;

export interface RetentionLimits {
  /** Read notifications are kept this long. */
  readonly retentionDays: number;
  /** Idempotency keys and known changes of messages are kept this long. */
  readonly keyRetentionDays: number;
  readonly retentionIntervalMs: number;
}

export interface RetentionDeps {
  readonly store: Pick<NotificationStore, 'removeReadBefore' | 'forgetKeysBefore'>;
  readonly messages: Pick<MessageStore, 'forgetBefore'>;
  /** Ms since 1970. */
  readonly clock: () => number;
  readonly limits: RetentionLimits;
  readonly log: Log;
  readonly metrics: Pick<NotificationMetrics, 'retentionDeleted'>;
}

export class Retention {
  readonly #deps: RetentionDeps;
  #isClosed = false;
  #timer: Timer | undefined;
  #running: Promise<void> | undefined;

  constructor(deps: RetentionDeps) {
    this.#deps = deps;
  }

  /** Sweeps now and at every interval. A failed sweep is logged, and the next one tries again. */
  start(): void {
    const tick = () => {
      this.#running ??= this.#sweepAndLog();
    };
    tick();
    this.#timer = setInterval(tick, this.#deps.limits.retentionIntervalMs);
  }

  /** Deletes the rows that have expired by now. @returns the number of notifications */
  async sweep(): Promise<number> {
    const { store, messages, metrics, limits } = this.#deps;
    const deleted = await this.#removeAll(async (time) => {
      const chunk = await store.removeReadBefore(time);
      metrics.retentionDeleted.inc(chunk);
      return chunk;
    }, limits.retentionDays);
    await this.#removeAll(store.forgetKeysBefore, limits.keyRetentionDays);
    await this.#removeAll(messages.forgetBefore, limits.keyRetentionDays);
    return deleted;
  }

  /** Starts no further chunk, and resolves when the running one is done. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    await this.#running;
  }

  /** @param remove deletes a chunk and returns the number of its rows */
  async #removeAll(remove: (time: Date) => Promise<number>, days: number): Promise<number> {
    const expiry = new Date(this.#deps.clock() - days * DAY_MS);
    let deleted = 0;
    for (let chunk = 1; chunk > 0 && !this.#isClosed; deleted += chunk) chunk = await remove(expiry);
    return deleted;
  }

  async #sweepAndLog(): Promise<void> {
    const { log } = this.#deps;
    try {
      const deleted = await this.sweep();
      if (deleted > 0) log.info({ event: 'retention', deleted });
    } catch (error) {
      log.warn({ event: 'retention_failed', ...errorFields(error) });
    } finally {
      this.#running = undefined;
    }
  }
}
