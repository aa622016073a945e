/** Failures as this library throws them: refusals of the services, and connections that are away. */
import { retryableCodes } from './api/errors.ts';

/** This library's own: as many messages wait to be sent as `maxUnsent` allows. */
export const QUEUE_FULL = 'queue_full';

/** For an answer that has no code, such as a proxy's page. */
const isPassingStatus = (status: number): boolean => status === 0 || status === 408 || status === 429 || status >= 500;

export interface ParleyErrorOptions extends ErrorOptions {
  readonly status: number;
  readonly code?: string | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** A call or a message that failed. */
export class ParleyError extends Error {
  override readonly name: string = 'ParleyError';
  /** The status of the HTTP answer, or the code with which a socket was closed. 0: there was no answer. */
  readonly status: number;
  /** As docs/protocol.md lists them; '' where the answer had none. */
  readonly code: string;
  /** When to try again, where the server says it. */
  readonly retryAfterMs: number | undefined;

  /** @param detail what happened, for a person */
  constructor(detail: string, { status, code = '', retryAfterMs, ...options }: ParleyErrorOptions) {
    super(detail, options);
    this.status = status;
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }

  get detail(): string {
    return this.message;
  }

  /** Whether the same call may succeed in a moment. */
  get isRetryable(): boolean {
    return (
      retryableCodes.has(this.code) || (this.code === '' && isPassingStatus(this.status)) || this.code === QUEUE_FULL
    );
  }
}
