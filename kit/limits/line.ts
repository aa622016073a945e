/**
 * A bounded, fair line for places that are scarce: uploads, thumbnails, password hashes. One person can neither hold all places nor
 * fill the line, and turns go round: first among groups (addresses), then among the owners (people) within one.
 */
import { errors } from '../errors/errors.ts';
import { Failure } from '../errors/failure.ts';
import { admit, type Entry, join, type LineLimits, leave, mayWait, newLineState, release } from './line.rules.ts';

export interface Ticket {
  /** What the work can be counted for when its owner is easily changed: an address. */
  readonly group: string;
  /** Who the work is for. */
  readonly owner: string;
  /** The share of `capacity` that it takes while it runs. */
  readonly weight?: number;
  /** Aborted: whoever waits leaves the line. */
  readonly signal?: AbortSignal;
}

export interface LineOptions extends LineLimits {
  /** In the words of the refusal. */
  readonly detail?: string;
  /** What a refused client is told to wait. */
  readonly retryAfterMs: number;
  /** Whoever waits longer is refused too. */
  readonly maxWaitMs: number;
  /** Called after every change. */
  onChange?(running: number, waiting: number): void;
}

export interface Line {
  /**
   * Waits for a turn, does the work and gives the place back.
   * @throws {Failure} `overloaded` with `retry_after_ms` when the line is full or doesn't move; the signal's reason when it is aborted
   */
  run<T>(ticket: Ticket, work: () => Promise<T>): Promise<T>;
}

interface Waiting extends Entry {
  onTurn(): void;
}

export const createLine = (limits: LineOptions): Line => {
  const { detail, retryAfterMs, maxWaitMs, onChange } = limits;
  const state = newLineState<Waiting>();

  const overloaded = (): Failure =>
    new Failure(errors.overloaded, detail, { fields: { retry_after_ms: retryAfterMs } });

  const advance = (): void => {
    for (let next = admit(state, limits); next; next = admit(state, limits)) next.onTurn();
    onChange?.(state.running, state.waiting.length);
  };

  /** Resolves with the entry when it has a place. */
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
