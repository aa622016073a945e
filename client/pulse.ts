/**
 * Detects a connection that died without an event, as after a change of the network or a sleep: after a time without a frame it pings the
 * server, and without an answer it gives the connection up.
 */

export interface PulseOptions {
  /** After this long without a frame the server is pinged. 15 seconds unless given. */
  readonly quietMs?: number | undefined;
  /** Without an answer to a ping in this time the connection is given up. 6 seconds unless given. */
  readonly answerMs?: number | undefined;
}

export interface PulseDeps extends PulseOptions {
  /** Sends a ping; false when there is no open connection. */
  ping(): boolean;
  giveUp(): void;
}

export interface Pulse {
  /** A frame arrived, or an attempt began. */
  beat(): void;
  /** Pings now: a person came back to the page, or to a network. */
  ask(): void;
  close(): void;
}

const QUIET_MS = 15_000;
const ANSWER_MS = 6_000;

export const createPulse = ({ ping, giveUp, quietMs = QUIET_MS, answerMs = ANSWER_MS }: PulseDeps): Pulse => {
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
    // `askedAt` is undefined during an attempt: nothing can be pinged, and an attempt that hangs this long is given up.
    const isDead = askedAt === undefined ? isQuiet : now - askedAt >= answerMs;
    if (!isDead) return;
    beat();
    giveUp();
  };

  const timer = setInterval(look, Math.min(quietMs, answerMs) / 2);
  return { beat, ask, close: () => clearInterval(timer) };
};
