/** Maps the close code of a socket to an error, or to the pause before the next attempt. */
import { ParleyError } from './error.ts';

/** The names, as in docs/protocol.md, of the close codes after which another attempt would fail alike. After all others a client reconnects. */
export const endings: Readonly<Record<number, string>> = {
  1009: 'frame_too_large',
  4001: 'unauthenticated',
  4003: 'foreign_origin',
  4004: 'unknown_room',
  4022: 'invalid_address',
};

/** This replica is stopping: another one accepts the client at once. */
const RESTARTING = 1012;
const FLOODING = 4029;
const FLOODING_PAUSE_MS = 1_000;

/** @returns why the connection ended for good; undefined when the client reconnects */
export const endingOf = (code: number, reason: string): ParleyError | undefined => {
  const name = endings[code];
  return name === undefined ? undefined : new ParleyError(reason || name, { status: code, code: name });
};

/** @returns the shortest pause in ms before the next attempt; undefined: no pause at all after a connection that was ready */
export const leastPauseMs = (code: number): number | undefined => {
  if (code === RESTARTING) return undefined;
  return code === FLOODING ? FLOODING_PAUSE_MS : 0;
};
