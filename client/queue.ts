/**
 * The sending queue, pure: values in, values out. Entries leave in the order in which they were written, one at a time: the next is sent
 * when the one before is acknowledged, so a retry never lets a later message overtake an earlier one. An entry is removed only when the
 * server has stored it (or another tab's queue reports that), or its author discards it.
 */

/** What the queue must know of a message. An entry keeps its `clientId` for good: sent again, it is the same message. */
export interface Entry {
  readonly clientId: string;
  /** Why the server refused it for good. It waits for its author and holds up nobody. */
  readonly fault?: string;
}

export interface QueueRules {
  /** The most entries that may wait, refused ones included. */
  readonly maxEntries: number;
  /** Without an acknowledgement in this time the connection counts as dead. Undefined where the transport has a limit of its own. */
  readonly ackTimeoutMs?: number;
  /** The pause after a retryable refusal that names none. */
  readonly retryMs: number;
}

export const defaultRules = { maxEntries: 200, ackTimeoutMs: 6_000, retryMs: 1_000 } as const satisfies QueueRules;

export interface QueueState<E extends Entry> {
  readonly rules: QueueRules;
  /** In the order of writing. */
  readonly entries: readonly E[];
  /** Entries are sent while `ready`: the connection is open, and everything missed has been received. */
  readonly connection: 'closed' | 'open' | 'ready';
  /** The `clientId` of the entry that was sent over this connection and isn't answered yet. */
  readonly inFlight: string | undefined;
  /** The server asked for a pause. */
  readonly isPaused: boolean;
  /** The number of the last timer that was asked for; an older one has no effect. */
  readonly timer: number;
}

export type QueueEvent<E extends Entry> =
  | { readonly type: 'written'; readonly entry: E }
  /** The connection opened, caught up, or was lost. */
  | { readonly type: 'open' | 'ready' | 'close' }
  | { readonly type: 'acked'; readonly clientId: string }
  /** Refused for a moment, and for how long where the server says it. Without a `clientId` it is the entry in flight. */
  | { readonly type: 'postponed'; readonly clientId?: string | undefined; readonly retryAfterMs?: number | undefined }
  /** Refused for good. */
  | { readonly type: 'refused'; readonly clientId: string; readonly fault: string }
  /** The author wants a refused one to be sent again. */
  | { readonly type: 'retried'; readonly clientId: string }
  /** The author discarded it, or another tab has removed it: sent or discarded there. */
  | { readonly type: 'dropped'; readonly clientId: string }
  | { readonly type: 'timer'; readonly timer: number };

export type QueueEffect<E extends Entry> =
  /** Store it, under its `clientId`: it is new, or its fault changed. */
  | { readonly type: 'keep'; readonly entry: E }
  /** Remove it from the store. */
  | { readonly type: 'forget'; readonly clientId: string }
  | { readonly type: 'send'; readonly entry: E }
  /** Report `timer` after this time. It replaces the one before. */
  | { readonly type: 'wait'; readonly timer: number; readonly ms: number }
  /** The connection is dead: make another. */
  | { readonly type: 'restart' }
  /** The entry was not taken: too many wait already. */
  | { readonly type: 'full'; readonly entry: E };

export type Step<E extends Entry> = readonly [QueueState<E>, readonly QueueEffect<E>[]];

/** @param entries those of an earlier run, in the order of writing */
export const newQueue = <E extends Entry>(rules: QueueRules, entries: readonly E[] = []): QueueState<E> => ({
  rules,
  entries,
  connection: 'closed',
  inFlight: undefined,
  isPaused: false,
  timer: 0,
});

/** Sends the first entry that isn't refused, if the connection is free for it. */
const pump = <E extends Entry>(state: QueueState<E>, effects: readonly QueueEffect<E>[] = []): Step<E> => {
  const { connection, inFlight, isPaused, entries, rules, timer } = state;
  if (connection !== 'ready' || inFlight !== undefined || isPaused) return [state, effects];
  const entry = entries.find(({ fault }) => fault === undefined);
  if (!entry) return [state, effects];
  const sent = { ...state, inFlight: entry.clientId, timer: timer + 1 };
  const send: QueueEffect<E> = { type: 'send', entry };
  if (rules.ackTimeoutMs === undefined) return [sent, [...effects, send]];
  return [sent, [...effects, send, { type: 'wait', timer: sent.timer, ms: rules.ackTimeoutMs }]];
};

/** Nothing is in flight any more, so no timer counts. */
const landed = <E extends Entry>(state: QueueState<E>): QueueState<E> => ({
  ...state,
  inFlight: undefined,
  timer: state.timer + 1,
});

const landedIf = <E extends Entry>(state: QueueState<E>, clientId: string): QueueState<E> =>
  state.inFlight === clientId ? landed(state) : state;

const drop = <E extends Entry>(state: QueueState<E>, clientId: string): Step<E> => {
  const entries = state.entries.filter((entry) => entry.clientId !== clientId);
  if (entries.length === state.entries.length) return [state, []];
  return pump({ ...landedIf(state, clientId), entries }, [{ type: 'forget', clientId }]);
};

/** Puts an entry in the place of the one with its `clientId`. */
const replace = <E extends Entry>(state: QueueState<E>, entry: E): Step<E> => {
  const entries = state.entries.map((old) => (old.clientId === entry.clientId ? entry : old));
  return pump({ ...landedIf(state, entry.clientId), entries }, [{ type: 'keep', entry }]);
};

const write = <E extends Entry>(state: QueueState<E>, entry: E): Step<E> => {
  const { entries, rules } = state;
  // The same message again, as a caller retries: it waits already.
  if (entries.some(({ clientId }) => clientId === entry.clientId)) return [state, []];
  if (entries.length >= rules.maxEntries) return [state, [{ type: 'full', entry }]];
  return pump({ ...state, entries: [...entries, entry] }, [{ type: 'keep', entry }]);
};

const postpone = <E extends Entry>(state: QueueState<E>, clientId = state.inFlight, retryAfterMs?: number): Step<E> => {
  if (clientId === undefined || state.inFlight !== clientId) return [state, []];
  const paused = { ...landed(state), isPaused: true };
  return [paused, [{ type: 'wait', timer: paused.timer, ms: retryAfterMs ?? state.rules.retryMs }]];
};

const onTimer = <E extends Entry>(state: QueueState<E>, timer: number): Step<E> => {
  if (timer !== state.timer) return [state, []];
  if (state.isPaused) return pump({ ...state, isPaused: false });
  if (state.inFlight === undefined) return [state, []];
  return [{ ...landed(state), connection: 'closed' }, [{ type: 'restart' }]];
};

/** What follows from an event: the next state, and what the caller has to carry out, in order. */
export const step = <E extends Entry>(state: QueueState<E>, event: QueueEvent<E>): Step<E> => {
  const known = 'clientId' in event ? state.entries.find(({ clientId }) => clientId === event.clientId) : undefined;
  switch (event.type) {
    case 'written':
      return write(state, event.entry);
    case 'open':
    case 'close':
      // Whatever was in flight may be stored or lost: it is sent again.
      return [{ ...landed(state), isPaused: false, connection: event.type === 'open' ? 'open' : 'closed' }, []];
    case 'ready':
      return pump({ ...state, connection: 'ready', isPaused: false });
    case 'acked':
    case 'dropped':
      return drop(state, event.clientId);
    case 'postponed':
      return postpone(state, event.clientId, event.retryAfterMs);
    case 'refused':
      return known ? replace(state, { ...known, fault: event.fault }) : [state, []];
    case 'retried': {
      if (known?.fault === undefined) return [state, []];
      const { fault: _, ...entry } = known;
      return replace(state, entry as E);
    }
    case 'timer':
      return onTimer(state, event.timer);
  }
};
