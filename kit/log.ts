/** Logs: one JSON line each, a fixed `event` name and fields; never bodies, tokens or passwords. */
import pino from 'pino';

export type Log = pino.Logger;

/** @param level pino's: fatal, error, warn, info, debug, silent */
export const createLog = (service: string, level = 'info'): Log =>
  pino({
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  });

/** An unknown thrown value as fields for a log line. */
export const errorFields = (error: unknown) =>
  error instanceof Error
    ? { error: error.message, error_code: (error as { code?: unknown }).code, stack: error.stack }
    : { error: String(error) };
