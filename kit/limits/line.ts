/**
 * A bounded, fair waiting line for scarce places: uploads, thumbnails, password hashes. One person can neither take all places nor fill
 * the line. Turns rotate among groups (addresses), and within a group among owners (people).
 */
import { errors } from '../errors/errors.ts';
import { Failure } from '../errors/failure.ts';
import { admit, type Entry, join, type LineLimits, leave, mayWait, newLineState, release } from './line.rules.ts';

export interface Ticket {
  /** An address: in open mode a client can change the owner with each request. */
  readonly group: string;
  /** The person for whom the work is done. */
  readonly owner: string;
  /** The share of `capacity` that it takes while it runs. */
  readonly weight?: number;
  /** When aborted, a waiting entry leaves the line. */
  readonly signal?: AbortSignal;
}

export interface LineDeps extends LineLimits {
  /** The detail of the failure `overloaded`. */
  readonly detail?: string;
  /** The `retry_after_ms` of the failure. */
  readonly retryAfterMs: number;
  /** An entry that waits longer fails with `overloaded`. */
  readonly maxWaitMs: number;
  /** Called after every change, for metrics. */
  onChange?(running: number, waiting: number): void;
}

export interface Line {
  /**
   * Waits for a place, does the work and frees the place.
   * @throws {Failure} `overloaded` with `retry_after_ms` when the line is full or the wait too long; the reason of an aborted signal
   */
  run<T>(ticket: Ticket, work: () => Promise<T>): Promise<T>;
}

interface Waiting extends Entry {
  onTurn(): void;
}

export const createLine = (limits: LineDeps): Line => {
  const { detail, retryAfterMs, maxWaitMs, onChange } = limits;
  const state = newLineState<Waiting>();

  const overloaded = (): Failure =>
    new Failure(errors.overloaded, detail, { fields: { retry_after_ms: retryAfterMs } });

  const advance = (): void => {
    for (let next = admit(state, limits); next; next = admit(state, limits)) next.onTurn();
    onChange?.(state.running, state.waiting.length);
  };

  /** Resolves once the entry has a place. */
  const turnOf = ({ group, owner, weight = 0, signal }: Ticket): Promise<Entry> =>
    new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      };
      const giveUp = (error: unknown): void => {
        if (!leave(state, entry)) return;
        end();
        reject(error);
        advance();
      };
      const onAbort = (): void => giveUp(signal?.reason);
      const onTurn = (): void => {
        end();
        resolve(entry);
      };
      const entry: Waiting = { group, owner, weight, onTurn };
      signal?.throwIfAborted();
      join(state, entry);
      const timer = setTimeout(() => giveUp(overloaded()), maxWaitMs);
      signal?.addEventListener('abort', onAbort, { once: true });
      advance();
    });

  return {
    run: async (ticket, work) => {
      if (!mayWait(state, { weight: 0, ...ticket }, limits)) throw overloaded();
      const entry = await turnOf(ticket);
      try {
        return await work();
      } finally {
        release(state, entry, limits);
        advance();
      }
    },
  };
};
