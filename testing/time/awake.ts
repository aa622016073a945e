/**
 * A clock that stands still while the machine gives this process no time, for limits on how long something may take that this process
 * waits for: what hangs is told from a machine that does other things too. What this process itself computes isn't measured.
 */

const TICK_MS = 10;
/** The timer of a process that gets its share of a busy machine is no later than this. */
const MOST_PER_TICK_MS = 50;

let awake = 0;
let lastTick = performance.now();

const tick = (): void => {
  const now = performance.now();
  awake += Math.min(now - lastTick, MOST_PER_TICK_MS);
  lastTick = now;
};

setInterval(tick, TICK_MS).unref();

/** Milliseconds, from some moment on. */
export const awakeMs = (): number => {
  tick();
  return awake;
};
