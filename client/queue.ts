/**
 * The sending queue as a pure function. Entries are sent in the order in which they were written, one at a time: the next is sent when the
 * one before is acknowledged, so that a later message never overtakes one that is retried. An entry is removed only when the server has
 * stored it (this tab received the ack, or another tab removed it) or when its author discards it.
 */

/** A message as the queue sees it. The `clientId` never changes: sent again, the server recognizes the message. */
export interface Entry {
  readonly clientId: string;
  /** The reason why the server refused it for good. Its author decides what happens to it; later entries are sent meanwhile. */
  readonly fault?: string;
}

export interface QueueRules {
  /** The largest number of entries, refused ones included. */
  readonly maxEntries: number;
  /** Without an acknowledgement in this time the connection counts as dead. Undefined when the transport has a time limit of its own. */
  readonly ackTimeoutMs?: number;
  /** The pause after a temporary refusal without `retryAfterMs`. */
  readonly retryMs: number;
}

export const defaultRules = { maxEntries: 200, ackTimeoutMs: 6_000, retryMs: 1_000 } as const satisfies QueueRules;

export interface QueueState<E extends Entry> {
  readonly rules: QueueRules;
  /** In the order in which they were written. */
  readonly entries: readonly E[];
  /** `ready`: the connection is open, and all missed changes were received. Entries are sent in this state only. */
  readonly connection: 'closed' | 'open' | 'ready';
  /** The `clientId` of the entry that was sent over this connection and has no answer yet. */
  readonly inFlight: string | undefined;
  /** Nothing is sent until the timer ends: the server refused an entry temporarily. */
  readonly isPaused: boolean;
  /** The number of the newest timer. An event of an older one has no effect. */
  readonly timer: number;
}

export type QueueEvent<E extends Entry> =
  | { readonly type: 'written'; readonly entry: E }
  /** The connection opened, received all missed changes, or was lost. */
  | { readonly type: 'open' | 'ready' | 'close' }
  | { readonly type: 'acked'; readonly clientId: string }
  /** Refused temporarily; `retryAfterMs` is the server's. Without a `clientId` it is the entry in flight. */
  | { readonly type: 'postponed'; readonly clientId?: string | undefined; readonly retryAfterMs?: number | undefined }
  /** Refused for good. */
  | { readonly type: 'refused'; readonly clientId: string; readonly fault: string }
  /** The author wants a refused entry to be sent again. */
  | { readonly type: 'retried'; readonly clientId: string }
  /** The author discarded the entry, or another tab removed it, since it was sent or discarded there. */
  | { readonly type: 'dropped'; readonly clientId: string }
  | { readonly type: 'timer'; readonly timer: number };

export type QueueEffect<E extends Entry> =
  /** Store the entry under its `clientId`: it is new, or its fault changed. */
  | { readonly type: 'keep'; readonly entry: E }
  /** Remove the entry from the store. */
  | { readonly type: 'forget'; readonly clientId: string }
  | { readonly type: 'send'; readonly entry: E }
  /** Dispatch the event `timer` after this time. The timer before is cancelled. */
  | { readonly type: 'wait'; readonly timer: number; readonly ms: number }
  /** The connection is dead: open another. */
  | { readonly type: 'restart' }
  /** The entry was not added: the queue is full. */
  | { readonly type: 'full'; readonly entry: E };

export type Step<E extends Entry> = readonly [QueueState<E>, readonly QueueEffect<E>[]];

/** @param entries stored by an earlier run, in the order in which they were written */
export const newQueue = <E extends Entry>(rules: QueueRules, entries: readonly E[] = []): QueueState<E> => ({
  rules,
  entries,
  connection: 'closed',
  inFlight: undefined,
  isPaused: false,
  timer: 0,
});

/** Sends the first entry that isn't refused, when the connection is ready and no other entry is in flight. */
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

/** No entry is in flight any more. The new number makes the running timer obsolete. */
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

/** Replaces the entry that has the same `clientId`. */
const replace = <E extends Entry>(state: QueueState<E>, entry: E): Step<E> => {
  const entries = state.entries.map((old) => (old.clientId === entry.clientId ? entry : old));
  return pump({ ...landedIf(state, entry.clientId), entries }, [{ type: 'keep', entry }]);
};

const write = <E extends Entry>(state: QueueState<E>, entry: E): Step<E> => {
  const { entries, rules } = state;
  // The caller wrote the same message twice: the first one is still waiting.
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

/** @returns the next state, and the effects that the caller carries out, in order */
export const step = <E extends Entry>(state: QueueState<E>, event: QueueEvent<E>): Step<E> => {
  const known = 'clientId' in event ? state.entries.find(({ clientId }) => clientId === event.clientId) : undefined;
  switch (event.type) {
    case 'written':
      return write(state, event.entry);
    case 'open':
    case 'close':
      // The entry in flight may be stored or lost: it is sent again.
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
