/**
 * Notices a connection that died silently: a network that changed, a laptop that slept. No event reports it, so after a quiet while the
 * server is pinged, and a connection without an answer is given up.
 */

export interface PulseTimes {
  /** After this long without a frame the server is pinged. 15 seconds unless given. */
  readonly quietMs?: number | undefined;
  /** Without an answer to a ping in this time the connection is given up. 6 seconds unless given. */
  readonly answerMs?: number | undefined;
}

const QUIET_MS = 15_000;
const ANSWER_MS = 6_000;

export interface Pulse {
  /** A frame arrived, or the connection was just made. */
  beat(): void;
  /** Pings now: a person came back to the page, or to a network. */
  ask(): void;
  close(): void;
}

export interface PulseOptions {
  /** Sends a ping; false when there is no open connection. */
  ping(): boolean;
  giveUp(): void;
}

export const createPulse = (
  { ping, giveUp }: PulseOptions,
  { quietMs = QUIET_MS, answerMs = ANSWER_MS }: PulseTimes = {},
): Pulse => {
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
    const isQuiet = now - heardAt >= quietMs;
    if (isQuiet) ask();
    // Without an open connection nothing was asked; the attempt to open one may hang as well.
    const isDead = askedAt === undefined ? isQuiet : now - askedAt >= answerMs;
    if (!isDead) return;
    beat();
    giveUp();
  };

  const timer = setInterval(look, Math.min(quietMs, answerMs) / 2);
  return { beat, ask, close: () => clearInterval(timer) };
};
