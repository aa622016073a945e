/**
 * What a request's body may be: JSON, unless a route says otherwise, and at most so large. Decided by the headers, before anything
 * is read. A body without a type is read as JSON. Pure.
 */
import { errors } from '../errors/errors.ts';
import { Failure } from '../errors/failure.ts';

/** A route whose bodies differ from the service's others. */
export interface BodyException {
  readonly method: string;
  readonly path: RegExp;
  /** Types to take, beside JSON; `any` leaves it to the route. */
  readonly types?: readonly string[] | 'any';
  /** A type that this route reads as JSON. */
  readonly jsonType?: string;
  /** In bytes; unless given, the service's own bound. `none` leaves it to the route. */
  readonly maxBytes?: number | 'none';
}

export interface BodyRules {
  readonly maxBytes: number;
  /** Types to take beside JSON; `any` where no route reads a body. */
  readonly types: readonly string[] | 'any';
  readonly exceptions: readonly BodyException[];
}

/** Below the server's own limit, whose 413 has no words. */
export const MAX_BODY_BYTES = 256 * 1_024;

export const FORM_TYPES = ['application/x-www-form-urlencoded', 'multipart/form-data'] as const;

export const JSON_ONLY: BodyRules = { maxBytes: MAX_BODY_BYTES, types: [], exceptions: [] };

const JSON_TYPE = /^application\/([\w.+-]+\+)?json$/;

const typeOf = (headers: Headers): string =>
  (headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';

export interface JudgedBody {
  readonly isJson: boolean;
  /** Undefined: the route bounds it while it reads. */
  readonly maxBytes: number | undefined;
}

/**
 * @param path of the request, encoded as it came
 * @throws {Failure} `too_large` by the length that the client tells, `wrong_media_type`
 */
export const judgeBody = (rules: BodyRules, method: string, path: string, headers: Headers): JudgedBody => {
  const exception = rules.exceptions.find((each) => each.method === method && each.path.test(path));
  const limit = exception?.maxBytes ?? rules.maxBytes;
  const maxBytes = limit === 'none' ? undefined : limit;
  const type = typeOf(headers);
  const isJson = type === '' || JSON_TYPE.test(type) || type === exception?.jsonType;
  const types = exception?.types ?? rules.types;
  if (!isJson && types !== 'any' && !types.includes(type))
    throw new Failure(errors.wrong_media_type, wanted(types, type));
  if (maxBytes !== undefined && Number(headers.get('content-length')) > maxBytes) throw tooLarge(maxBytes);
  return { isJson: isJson && types !== 'any', maxBytes };
};

const wanted = (types: readonly string[], got: string): string =>
  `This address takes ${['application/json', ...types].join(', ')}, not ${JSON.stringify(got.slice(0, 100))}`;

export const tooLarge = (maxBytes: number): Failure =>
  new Failure(
    errors.too_large,
    `The body is larger than the ${Math.floor(maxBytes / 1_024)} KB that are taken here; send less at once`,
  );
