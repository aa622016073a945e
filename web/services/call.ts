/** A call to a service as a page needs it: an answer that says what is missing, instead of an error. */
import type { Endpoint } from '@parley/client/endpoint';
import { ParleyError } from '@parley/client/error';
import type { Call } from '@parley/client/http';

/** Either what was asked for, or why it isn't there. A status of 0: the service gave no answer in time. */
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
      // Refused, reset or too late: to a page it is the same, this part is missing.
      return { ok: false, status: error.status, detail: error.status === 0 ? AWAY : error.detail };
    }
  };

/** The value of an answer, or what stands for it when it is missing. */
export const valueOr = <T, Other>(answer: Answer<T>, other: Other): T | Other => (answer.ok ? answer.value : other);
