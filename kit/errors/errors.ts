/**
 * The errors that services answer with, over HTTP and in the `error` frame of a socket. This table has the codes that every service may
 * use; a service adds its own in its `errors.ts`. A code has one meaning in all services: `docs/errors.test.ts` checks it.
 */

/** One row of a table. */
interface Definition {
  /** The status of the HTTP answer. */
  readonly status: number;
  /** The sentence of a `Failure` without a detail of its own, and of the documentation. */
  readonly detail: string;
  /** Whether the same request may succeed later, unchanged. */
  readonly retry: boolean;
}

export interface ErrorEntry<Code extends string = string, Status extends number = number> extends Definition {
  readonly code: Code;
  readonly status: Status;
}

type ErrorTable<T extends Record<string, Definition>> = {
  readonly [Code in keyof T & string]: ErrorEntry<Code, T[Code]['status']>;
};

/** Adds to each entry its code. */
export const defineErrors = <const T extends Record<string, Definition>>(definitions: T): ErrorTable<T> =>
  Object.fromEntries(
    Object.entries(definitions).map(([code, definition]) => [code, { code, ...definition }]),
  ) as ErrorTable<T>;

export const errors = defineErrors({
  invalid_input: { status: 422, retry: false, detail: 'A field is missing or has a value that is not allowed' },
  invalid_json: { status: 400, retry: false, detail: 'The body or frame is not valid JSON in UTF-8' },
  not_found: { status: 404, retry: false, detail: 'There is nothing at this address' },
  method_not_allowed: { status: 405, retry: false, detail: 'This address does not take this method' },
  too_slow: { status: 408, retry: true, detail: 'The body came too slowly; send it again over a better connection' },
  too_large: { status: 413, retry: false, detail: 'The body is larger than allowed' },
  wrong_media_type: { status: 415, retry: false, detail: 'The type of this content is not allowed' },
  rate_limited: { status: 429, retry: true, detail: 'Too many requests; wait before the next' },
  unauthenticated: { status: 401, retry: false, detail: 'A valid token is needed' },
  forbidden: { status: 403, retry: false, detail: 'The token does not prove this user' },
  foreign_origin: {
    status: 403,
    retry: false,
    detail: 'The request comes from a page of another site, which CORS_ORIGIN does not name',
  },
  foreign_host: {
    status: 403,
    retry: false,
    detail: 'The service listens for this machine only, under its loopback names',
  },
  storage_unavailable: {
    status: 503,
    retry: true,
    detail: 'The store is away for a moment; what was sent may be sent again',
  },
  overloaded: {
    status: 503,
    retry: true,
    detail: 'There is more to do than fits the queue; try again in a moment',
  },
  service_away: {
    status: 502,
    retry: true,
    detail: 'The service behind this address is away for a moment; try again',
  },
  internal: {
    status: 500,
    retry: true,
    detail: 'Something went wrong on our side; the request id finds it in the logs',
  },
});
