/** Runs a queue: applies events one at a time, keeps its timer, and passes the other effects to the caller. */
import { type Entry, type QueueEffect, type QueueEvent, type QueueState, step } from './queue.ts';

export interface RunningQueue<E extends Entry> {
  readonly state: QueueState<E>;
  /** May be called while an effect is carried out: the event is applied afterwards. */
  dispatch(event: QueueEvent<E>): void;
  /** Sends no further entry. Answers that arrive later still remove their entries. */
  close(): void;
}

/** @param perform carries out an effect; timers are kept here */
export const runQueue = <E extends Entry>(
  initial: QueueState<E>,
  perform: (effect: Exclude<QueueEffect<E>, { type: 'wait' }>) => void,
): RunningQueue<E> => {
  const events: QueueEvent<E>[] = [];
  let state = initial;
  let isRunning = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const carryOut = (effect: QueueEffect<E>): void => {
    if (effect.type !== 'wait') return perform(effect);
    clearTimeout(timer);
    timer = setTimeout(() => dispatch({ type: 'timer', timer: effect.timer }), effect.ms);
  };

  const dispatch = (event: QueueEvent<E>): void => {
    events.push(event);
    if (isRunning) return;
    isRunning = true;
    try {
      for (let next = events.shift(); next; next = events.shift()) {
        const [after, effects] = step(state, next);
        state = after;
        for (const effect of effects) carryOut(effect);
      }
    } finally {
      isRunning = false;
    }
  };

  return {
    get state() {
      return state;
    },
    dispatch,
    close: () => {
      dispatch({ type: 'close' });
      clearTimeout(timer);
    },
  };
};
