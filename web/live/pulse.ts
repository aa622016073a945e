/**
 * Notices a connection that died without a word: a network that changed, a laptop that slept. No event tells of it, so after a quiet
 * while the server is asked, and a connection without an answer is given up.
 */

/** Without a word from the server for this long it is asked for one. */
const QUIET_MS = 15_000;
const ANSWER_MS = 6_000;
const LOOK_EVERY_MS = 3_000;

export interface Pulse {
  /** Something came over the connection, or it was just made. */
  beat(): void;
}

export interface PulseOptions {
  /** Asks for an answer; false when there is no open connection to ask over. */
  ping(): boolean;
  giveUp(): void;
}

export const createPulse = ({ ping, giveUp }: PulseOptions, signal: AbortSignal): Pulse => {
  let heardAt = performance.now();
  let askedAt: number | undefined;

  const beat = (): void => {
    heardAt = performance.now();
    askedAt = undefined;
  };
  const ask = (): void => {
    if (askedAt === undefined && ping()) askedAt = performance.now();
  };
  const look = (): void => {
    const now = performance.now();
    if (askedAt === undefined && now - heardAt >= QUIET_MS) ask();
    // Still not asked, there is no connection, and the attempt to make one may hang as well.
    const isDead = askedAt === undefined ? now - heardAt >= QUIET_MS : now - askedAt >= ANSWER_MS;
    if (!isDead) return;
    beat();
    giveUp();
  };

  const timer = setInterval(look, LOOK_EVERY_MS);
  signal.addEventListener('abort', () => clearInterval(timer));
  // Who comes back to the page, or to a network, wants to know now.
  window.addEventListener('focus', ask, { signal });
  window.addEventListener('online', ask, { signal });
  return { beat };
};
