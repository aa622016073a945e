/**
 * The one table of errors. A code means the same in every service, over HTTP and over a socket; `docs/protocol.md` lists it.
 * `detail` here is the general sentence: whoever raises the error says what happened, why and what to do about it.
 */
export const errorTable = {
  invalid_input: { status: 422, detail: 'A field is missing or has a value that is not allowed' },
  invalid_json: { status: 400, detail: 'The body or frame is not valid JSON in UTF-8' },
  not_an_object: { status: 422, detail: 'The frame is JSON but not an object' },
  unknown_type: { status: 422, detail: 'The frame has a type that does not exist' },
  content_too_long: { status: 422, detail: 'The content is longer than a message may be' },
  not_found: { status: 404, detail: 'There is nothing at this address' },
  method_not_allowed: { status: 405, detail: 'This address does not take this method' },
  unknown_room: { status: 404, detail: 'There is no room with this id' },
  unknown_message: { status: 404, detail: 'There is no such message, or it is not yours to change' },
  unknown_notification: { status: 404, detail: 'There is no notification with this id' },
  unknown_file: { status: 404, detail: 'There is no file with this id' },
  room_exists: { status: 409, detail: 'There is a room with this id already' },
  client_id_taken: {
    status: 409,
    detail: 'This client_id belongs to another message; use a new one for a new message',
  },
  idempotency_key_taken: {
    status: 409,
    detail:
      'This Idempotency-Key belongs to a notification of another user or sender; use a new one for a new notification',
  },
  too_slow: { status: 408, detail: 'The body came too slowly; send it again over a better connection' },
  message_changed: {
    status: 409,
    detail: 'The message was edited or deleted since; there is nothing to tell of what it was',
  },
  too_large: { status: 413, detail: 'The body is larger than allowed' },
  wrong_media_type: { status: 415, detail: 'The type of this content is not allowed' },
  range_not_satisfiable: { status: 416, detail: 'The file has no such range' },
  rate_limited: { status: 429, detail: 'Too many requests; wait before the next' },
  unauthenticated: { status: 401, detail: 'A valid token is needed' },
  forbidden: { status: 403, detail: 'The token does not prove this user' },
  foreign_origin: {
    status: 403,
    detail: 'The request comes from a page of another site, which CORS_ORIGIN does not name',
  },
  foreign_host: { status: 403, detail: 'The service listens for this machine only, under its loopback names' },
  storage_unavailable: { status: 503, detail: 'The store is away for a moment; what was sent may be sent again' },
  presence_unavailable: { status: 503, detail: 'The presence store (Redis) is away for a moment; try again' },
  push_disabled: { status: 503, detail: 'Web Push is off here: the operator has set no VAPID keys' },
  overloaded: { status: 503, detail: 'There is more to do than fits the queue; try again in a moment' },
  service_away: { status: 502, detail: 'The service behind this address is away for a moment; try again' },
  stopping: { status: 503, detail: 'This replica is stopping; try again, another one answers' },
  internal: { status: 500, detail: 'Something went wrong on our side; the request id finds it in the logs' },
} as const satisfies Record<string, { status: number; detail: string }>;

export type ErrorCode = keyof typeof errorTable;

/** An error that a person or a client is told of, by its code in the table. */
export class Failure extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  /** Further fields of the answer, such as `retry_after_ms`. */
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    detail: string = errorTable[code].detail,
    options: ErrorOptions & { fields?: Record<string, unknown> } = {},
  ) {
    super(detail, options);
    this.name = 'Failure';
    this.code = code;
    this.status = errorTable[code].status;
    this.fields = options.fields ?? {};
  }

  get detail(): string {
    return this.message;
  }
}

/** The body of an error answer. Its `detail` is the contract's; `code` is for programs. */
export const errorBody = ({ code, detail, fields }: Failure) => ({ detail, code, ...fields });

/** When to try again where the failure itself knows no time. */
const PASSING_MS: Partial<Record<ErrorCode, number>> = {
  storage_unavailable: 1_000,
  presence_unavailable: 1_000,
  overloaded: 1_000,
  stopping: 1_000,
};

/** The header `Retry-After` of an error answer, in whole seconds; undefined where none is due. */
export const retryAfterOf = ({ code, fields }: Failure): string | undefined => {
  const waitMs = fields.retry_after_ms ?? PASSING_MS[code];
  return typeof waitMs === 'number' ? String(Math.ceil(waitMs / 1_000)) : undefined;
};
