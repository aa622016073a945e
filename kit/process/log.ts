/** Logging: one JSON line per event, with a fixed `event` name and fields; never bodies, tokens or passwords. */
import { writeSync } from 'node:fs';
import pino from 'pino';
import { errors } from '../errors/errors.ts';
import { Failure } from '../errors/failure.ts';
import { isUnavailable } from '../errors/store-errors.ts';

export type Log = pino.Logger;

/** Ignores a reader that went away: the service goes on without a log, and can still stop in order. */
const stdout: pino.DestinationStream = {
  write: (line) => {
    try {
      writeSync(process.stdout.fd, line);
    } catch (error) {
      if (!UNREAD.has(String((error as { code?: unknown }).code))) throw error;
    }
  },
};
const UNREAD = new Set(['EPIPE', 'EAGAIN', 'EIO']);

/** @param level pino's: fatal, error, warn, info, debug, silent */
export const createLog = (service: string, level = 'info'): Log =>
  pino(
    {
      level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    stdout,
  );

/** The innermost cause. The message of an ORM's error has the query with its values, which may not be logged. */
const rootOf = (error: Error): Error => (error.cause instanceof Error ? rootOf(error.cause) : error);

/** Faults of stores and failures other than `internal`. They are logged without a stack, which tells nothing: an outage has thousands. */
const isExpected = (error: Error): boolean =>
  (error instanceof Failure && error.status !== errors.internal.status) || isUnavailable(error);

const framesOf = ({ stack = '' }: Error): string =>
  stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');

/** The fields by which a thrown value is logged; with a stack if it is a defect. */
export const errorFields = (error: unknown) => {
  if (!(error instanceof Error)) return { error: String(error) };
  const root = rootOf(error);
  const reason = { error: root.message, error_code: (root as { code?: unknown }).code };
  return isExpected(error) ? reason : { ...reason, stack: framesOf(error) };
};
