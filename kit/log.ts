/** Logs: one JSON line each, a fixed `event` name and fields; never bodies, tokens or passwords. */
import { writeSync } from 'node:fs';
import pino from 'pino';

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

/** An unknown thrown value as fields for a log line. */
export const errorFields = (error: unknown) =>
  error instanceof Error
    ? { error: error.message, error_code: (error as { code?: unknown }).code, stack: error.stack }
    : { error: String(error) };
