/** What the close code of a socket means to a client. */
import { ParleyError } from './error.ts';

/** Codes after which another attempt would end alike, with the name that docs/protocol.md gives them. After all others a client comes back. */
export const endings: Readonly<Record<number, string>> = {
  1009: 'frame_too_large',
  4001: 'unauthenticated',
  4003: 'foreign_origin',
  4004: 'unknown_room',
  4022: 'invalid_address',
};

/** This replica is stopping: another one answers at once. */
const RESTARTING = 1012;
const FLOODING = 4029;
const FLOODING_PAUSE_MS = 1_000;

/** Why the connection ended for good; undefined when the client is to come back. */
export const endingOf = (code: number, reason: string): ParleyError | undefined => {
  const name = endings[code];
  return name === undefined ? undefined : new ParleyError(reason || name, { status: code, code: name });
};

/** The least to wait before coming back, in ms; undefined: nothing, where the connection had worked. */
export const leastPauseMs = (code: number): number | undefined => {
  if (code === RESTARTING) return undefined;
  return code === FLOODING ? FLOODING_PAUSE_MS : 0;
};
