/**
 * A clock that doesn't advance while the machine gives this process no time. For limits on operations that this process waits for: it tells
 * an operation that hangs from a busy machine. Time in which this process computes isn't counted.
 */

const TICK_MS = 10;
/** A timer that is later than this means that the process got no time. */
const MOST_PER_TICK_MS = 50;

let awake = 0;
let lastTick = performance.now();

const tick = (): void => {
  const now = performance.now();
  awake += Math.min(now - lastTick, MOST_PER_TICK_MS);
  lastTick = now;
};

setInterval(tick, TICK_MS).unref();

/** Milliseconds since an arbitrary start. */
export const awakeMs = (): number => {
  tick();
  return awake;
};
