/**
 * Which request bodies are accepted: JSON unless a route says otherwise, up to a size. Decided by the headers, before the body is read. A
 * body without a content type is parsed as JSON. Pure.
 */
import { errors } from '../errors/errors.ts';
import { Failure } from '../errors/failure.ts';

/** A route whose bodies have rules of their own. */
export interface BodyException {
  readonly method: string;
  readonly path: RegExp;
  /** Content types accepted besides JSON; `any`: the route itself decides. */
  readonly types?: readonly string[] | 'any';
  /** A content type that this route parses as JSON. */
  readonly jsonType?: string;
  /** The service's limit unless given. `none`: the route limits the body while reading. */
  readonly maxBytes?: number | 'none';
}

export interface BodyRules {
  readonly maxBytes: number;
  /** Content types accepted besides JSON; `any` if no route reads a body. */
  readonly types: readonly string[] | 'any';
  readonly exceptions: readonly BodyException[];
}

/** Lower than the limit of Bun's server, whose 413 has no body. */
export const MAX_BODY_BYTES = 256 * 1_024;

export const FORM_TYPES = ['application/x-www-form-urlencoded', 'multipart/form-data'] as const;

export const JSON_ONLY: BodyRules = { maxBytes: MAX_BODY_BYTES, types: [], exceptions: [] };

const JSON_TYPE = /^application\/([\w.+-]+\+)?json$/;

const typeOf = (headers: Headers): string =>
  (headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';

export interface JudgedBody {
  readonly isJson: boolean;
  /** Undefined: the route limits the body while reading. */
  readonly maxBytes: number | undefined;
}

/**
 * @param path of the request, still percent-encoded
 * @throws {Failure} `too_large` by the header `content-length`, `wrong_media_type`
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
