/** Calls from chat to other services, in its own name. */
import { ParleyError } from '@parley/client/error';
import { type Call, createHttp } from '@parley/client/http';

const TIMEOUT_MS = 5_000;

export interface ServiceCallOptions {
  readonly notificationUrl: string;
  readonly fileUrl: string;
  /** The headers by which chat proves itself. */
  headers(): Promise<Record<string, string>>;
}

export const createServiceCall = ({ notificationUrl, fileUrl, headers }: ServiceCallOptions): Call => {
  const call = createHttp({ urls: { notification: notificationUrl, file: fileUrl }, timeoutMs: TIMEOUT_MS });
  return async (endpoint, args) => call(endpoint, args, { headers: await headers() });
};

/** The status of a call's answer, 200 for any success. @throws {ParleyError} when there was no answer */
export const statusOf = (called: Promise<unknown>): Promise<number> =>
  called.then(
    () => 200,
    (error: unknown) => {
      if (error instanceof ParleyError && error.status > 0) return error.status;
      throw error;
    },
  );
