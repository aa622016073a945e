/** Calls of services for pages: a failed call is a value, so that a page renders without the part that failed. */
import type { Endpoint } from '@parley/client/endpoint';
import { ParleyError } from '@parley/client/error';
import type { Call } from '@parley/client/http';

/** A result, or why there is none. The status is the service's, or 0 when it didn't answer in time. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly status: number; readonly detail: string };

export interface AskOptions {
  readonly timeoutMs?: number;
}

/** Calls an operation of a service. */
export type Ask = <Args extends object, Result>(
  endpoint: Endpoint<Args, Result>,
  args: NoInfer<Args>,
  options?: AskOptions,
) => Promise<Answer<Result>>;

const AWAY = 'The service does not answer';

export const createAsk =
  (call: Call): Ask =>
  async (endpoint, args, options) => {
    try {
      return { ok: true, value: await call(endpoint, args, options) };
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error;
      return { ok: false, status: error.status, detail: error.status === 0 ? AWAY : error.detail };
    }
  };

/** The value of an answer, or a fallback for a failed call. */
export const valueOr = <T, Other>(answer: Answer<T>, other: Other): T | Other => (answer.ok ? answer.value : other);
