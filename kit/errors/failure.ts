/** An error that the caller is meant to see: it becomes the answer of a request or an `error` frame. */
import type { ErrorEntry } from './errors.ts';

export interface FailureOptions extends ErrorOptions {
  /** Further fields of the answer, such as `retry_after_ms`. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

export class Failure extends Error {
  readonly code: string;
  readonly status: number;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly #entry: ErrorEntry;

  /** @param detail what happened, why, and what to do; the general sentence of the code unless given */
  constructor(entry: ErrorEntry, detail: string = entry.detail, { fields = {}, ...options }: FailureOptions = {}) {
    super(detail, options);
    this.name = 'Failure';
    this.#entry = entry;
    this.code = entry.code;
    this.status = entry.status;
    this.fields = fields;
  }

  get detail(): string {
    return this.message;
  }

  /** Whether it has this code. */
  is({ code }: ErrorEntry): boolean {
    return this.code === code;
  }

  /** A copy whose answer has these fields too. */
  with(fields: Readonly<Record<string, unknown>>): Failure {
    return new Failure(this.#entry, this.detail, { fields: { ...this.fields, ...fields }, cause: this.cause });
  }

  /** The header `Retry-After` of the answer, in whole seconds; undefined where none is due. */
  get retryAfter(): string | undefined {
    const { retry, status } = this.#entry;
    const waitMs = this.fields.retry_after_ms ?? (retry && status === UNAVAILABLE ? DEFAULT_WAIT_MS : undefined);
    return typeof waitMs === 'number' ? String(Math.ceil(waitMs / 1_000)) : undefined;
  }
}

const UNAVAILABLE = 503;
/** When to retry after a 503 that names no time. */
const DEFAULT_WAIT_MS = 1_000;

/** The body of an error answer: `detail` for people, `code` for programs. */
export const errorBody = ({ code, detail, fields }: Failure) => ({ detail, code, ...fields });
