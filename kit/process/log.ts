/** Logs: one JSON line each, a fixed `event` name and fields; never bodies, tokens or passwords. */
import { writeSync } from 'node:fs';
import pino from 'pino';
import { errors } from '../errors/errors.ts';
import { Failure } from '../errors/failure.ts';
import { isUnavailable } from '../errors/store-errors.ts';

export type Log = pino.Logger;

/** Whoever reads the log may go away first: a service then goes on, and stops in order, without one. */
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

/** The innermost cause. An ORM's own message repeats the query with its values: bodies, which no log may have. */
const rootOf = (error: Error): Error => (error.cause instanceof Error ? rootOf(error.cause) : error);

/** A store that is away, or a refusal of the error table: where in the code it was met says nothing, and an outage has thousands. */
const isExpected = (error: Error): boolean =>
  (error instanceof Failure && error.status !== errors.internal.status) || isUnavailable(error);

const framesOf = ({ stack = '' }: Error): string =>
  stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');

/** An unknown thrown value as fields for a log line: with a stack where it is a defect. */
export const errorFields = (error: unknown) => {
  if (!(error instanceof Error)) return { error: String(error) };
  const root = rootOf(error);
  const reason = { error: root.message, error_code: (root as { code?: unknown }).code };
  return isExpected(error) ? reason : { ...reason, stack: framesOf(error) };
};
