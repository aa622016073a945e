/** Classifies errors of stores by their SQLSTATE, or by the code of a driver or of the operating system. */
import { TimeoutError } from '../time/timeout.ts';

/**
 * Temporary faults, after which a retry may succeed: no connection (08, 57P0x), no resources (53: connections, memory, disk), a read-only
 * session (25006), a timeout (57014, 25P03..5, 55P03), a conflict (40), a prepared statement that the server no longer has (26000), a fault
 * of the server or its disk (58, XX).
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const AWAY_SQLSTATE = /^(08|53|57P0|57014|25006|25P0[345]|26000|40[0P]0[13]|55P03|55006|58|XX)/;
const AWAY_CODE =
  /^(CONNECT_TIMEOUT|CONNECTION_\w+|(DNS_)?E(CONN(REFUSED|RESET|ABORTED)|PIPE|TIMEDOUT|TIMEOUT|NOTFOUND|SERVFAIL|REFUSED|AI_AGAIN|AI_NODATA|(HOST|NET)(UNREACH|DOWN)|MFILE|NFILE)|ERR_SOCKET_CLOSED|FailedToOpenSocket|Connection(Refused|Closed))$/;

/**
 * Faults that last until an operator acts: credentials (28), no such database (3D000), missing rights (42501), a certificate, a full or
 * read-only disk under an embedded store.
 */
const REFUSING =
  /^(28\w{3}|3D000|42501|SASL_\w+|AUTH_TYPE_\w+|ERR_(TLS|SSL)_\w+|\w*CERT\w*|UNABLE_TO_\w+|ENOSPC|EDQUOT|EROFS|EIO)$/;

/** The transaction was rolled back and can be repeated at once; after the last two codes on another session. */
const UNDONE = /^(40001|40P01|26000|25006)$/;
const READ_ONLY = '25006';

/** Text that Postgres can't hold: a NUL byte, bad UTF-8, a number out of range, a string too long. */
const UNSTORABLE = /^22/;

const SQLSTATE = /^[0-9A-Z]{5}$/;

const errorsOf = (error: unknown): (Error & { code?: unknown })[] => {
  const errors: Error[] = [];
  for (let at = error; at instanceof Error && errors.length < 5; at = at.cause) errors.push(at);
  return errors;
};

/** The codes of an error and its causes, outermost first (an ORM wraps the driver's error). */
const codesOf = (error: unknown): string[] =>
  errorsOf(error).flatMap(({ code }) => (typeof code === 'string' ? [code] : []));

const isAwayCode = (code: string): boolean => (SQLSTATE.test(code) && AWAY_SQLSTATE.test(code)) || AWAY_CODE.test(code);

/** The tables of a prepared statement were altered. The next call prepares it anew. */
const isStalePlan = (error: unknown): boolean =>
  errorsOf(error).some(({ code, message }) => code === '0A000' && message.includes('cached plan'));

/** Whether the fault is temporary: the same call may work in a moment. */
export const isAway = (error: unknown): boolean =>
  error instanceof TimeoutError || isStalePlan(error) || codesOf(error).some(isAwayCode);

/** Whether the store is at fault, temporarily or not, and neither the caller nor the service's code. */
export const isUnavailable = (error: unknown): boolean =>
  isAway(error) || codesOf(error).some((code) => REFUSING.test(code));

/** Whether the transaction was rolled back and can be repeated at once. */
export const isUndone = (error: unknown): boolean =>
  isStalePlan(error) || codesOf(error).some((code) => UNDONE.test(code));

/** Whether the session can't write: its server is a standby, or was made read-only. */
export const isReadOnly = (error: unknown): boolean => codesOf(error).includes(READ_ONLY);

export const isUnstorable = (error: unknown): boolean => codesOf(error).some((code) => UNSTORABLE.test(code));
