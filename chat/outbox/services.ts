/** Calls from chat to other services, authenticated as chat. */
import { ParleyError } from '@parley/client/error';
import { type Call, createHttp } from '@parley/client/http';

const TIMEOUT_MS = 5_000;

export interface ServiceCallDeps {
  readonly notificationUrl: string;
  readonly fileUrl: string;
  /** The headers that authenticate chat. */
  headers(): Promise<Record<string, string>>;
}

export const createServiceCall = ({ notificationUrl, fileUrl, headers }: ServiceCallDeps): Call => {
  const call = createHttp({ urls: { notification: notificationUrl, file: fileUrl }, timeoutMs: TIMEOUT_MS });
  return async (endpoint, args) => call(endpoint, args, { headers: await headers() });
};

/** The HTTP status of a call's answer; 200 for any success. @throws {ParleyError} when no answer arrived */
export const statusOf = (called: Promise<unknown>): Promise<number> =>
  called.then(
    () => 200,
    (error: unknown) => {
      if (error instanceof ParleyError && error.status > 0) return error.status;
      throw error;
    },
  );
