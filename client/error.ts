/** The error that this library throws: for a refusal by a service, and for a missing connection. */
import { retryableCodes } from './api/errors.ts';

/** A code of this library: as many messages wait to be sent as `maxUnsent` allows. */
export const QUEUE_FULL = 'queue_full';

/** For an answer that has no code, such as a proxy's page. */
const isRetryableStatus = (status: number): boolean =>
  status === 0 || status === 408 || status === 429 || status >= 500;

export interface ParleyErrorOptions extends ErrorOptions {
  readonly status: number;
  readonly code?: string | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** A call or a message that failed. */
export class ParleyError extends Error {
  override readonly name: string = 'ParleyError';
  /** The status of the HTTP answer, or the close code of the socket. 422: a message was refused over the socket. 0: there was no answer. */
  readonly status: number;
  /** One of the table in docs/protocol.md, or this library's `queue_full` and `closed`. '' when the answer had none. */
  readonly code: string;
  /** The pause before another attempt, when the service sent one. */
  readonly retryAfterMs: number | undefined;

  /** @param detail what happened and what to do, for a person */
  constructor(detail: string, { status, code = '', retryAfterMs, ...options }: ParleyErrorOptions) {
    super(detail, options);
    this.status = status;
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }

  /** What happened, for a person: the same as `message`. */
  get detail(): string {
    return this.message;
  }

  /** Whether the same call, or the same message, may succeed later. */
  get isRetryable(): boolean {
    return (
      retryableCodes.has(this.code) || (this.code === '' && isRetryableStatus(this.status)) || this.code === QUEUE_FULL
    );
  }
}
