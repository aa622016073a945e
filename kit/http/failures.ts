/** Turns a thrown value into a `Failure`, so that all routes answer errors in the same form. */

import type { TSchema } from '@sinclair/typebox';
import { InvertedStatusMap, NotFoundError, ParseError, ValidationError } from 'elysia';
import { type ErrorEntry, errors } from '../errors/errors.ts';
import { Failure } from '../errors/failure.ts';
import { isUnavailable, isUnstorable } from '../errors/store-errors.ts';
import { requestUrl } from '../network/request-url.ts';
import { describeWanted } from '../process/config.ts';

/** Names the part of the request as HTTP does. */
const places: Record<string, string> = { params: 'path', property: 'query' };

const lowerFirst = (text: string | undefined): string | undefined =>
  text?.replace(/^./, (first) => first.toLowerCase());

/** What the schema accepts, in words; undefined if the validator's own message is better. */
export const describeSchema = (schema: TSchema): string | undefined => {
  const members: TSchema[] = schema.anyOf?.filter(({ type }: TSchema) => type !== 'null') ?? [];
  // A union with null: only the other member is described.
  if (members[0] && members.length === 1 && schema.anyOf.length === 2) return describeSchema(members[0]);
  // In an address a number is validated as "a string, or a number"; only the number is named.
  const [wanted = schema] = ((schema.anyOf ?? []) as TSchema[]).filter(
    ({ type }) => type !== 'string' && type !== 'null',
  );
  if (wanted.enum) return `one of ${wanted.enum.join(', ')}`;
  if (['integer', 'number', 'boolean'].includes(wanted.type)) return describeWanted(wanted);
  if (schema.format === 'uuid') return 'a UUID';
  return schema.format || schema.pattern ? lowerFirst(schema.description) : undefined;
};

/** The name of the only query field with this value: for a number out of range, the framework's error names no field. */
const fieldWithValue = (address: string, value: unknown): string | undefined => {
  const fields = [...requestUrl(address).searchParams].filter(([, text]) => text !== '' && Number(text) === value);
  return fields.length === 1 ? fields[0]?.[0] : undefined;
};

/** Names the field and the reason. @param address the request's URL, to find a field that the error doesn't name */
const describeInvalid = (error: ValidationError, address: string): string => {
  const [fault] = error.all;
  if (!fault || !('path' in fault)) return errors.invalid_input.detail;
  const path = String(fault.path).replaceAll('/', '.').slice(1);
  const field = path || (error.type === 'property' ? fieldWithValue(address, fault.value) : '');
  const wanted = describeSchema(fault.schema);
  const reason = wanted && fault.value !== undefined ? `wants ${wanted}` : (fault.summary ?? fault.message);
  return `${[places[error.type] ?? error.type, field].filter(Boolean).join(' ')}: ${reason}`;
};

const ofStatus: Partial<Record<number, ErrorEntry>> = {
  401: errors.unauthenticated,
  403: errors.forbidden,
  404: errors.not_found,
  405: errors.method_not_allowed,
  413: errors.too_large,
  415: errors.wrong_media_type,
};

/**
 * @param address the request's URL, to name the field at fault
 * @returns a `Failure` as it is; for any other error the matching one, with the original as `cause`
 */
export const toFailure = (error: unknown, address = 'http://localhost'): Failure => {
  if (error instanceof Failure) return error;
  if (error instanceof ValidationError) return new Failure(errors.invalid_input, describeInvalid(error, address));
  if (error instanceof ParseError)
    return error.cause instanceof Failure ? error.cause : new Failure(errors.invalid_json);
  if (error instanceof NotFoundError) return new Failure(errors.not_found);
  if (isUnavailable(error)) return new Failure(errors.storage_unavailable, undefined, { cause: error });
  if (isUnstorable(error)) return new Failure(errors.invalid_input, undefined, { cause: error });
  const status = Number((error as { status?: unknown } | null)?.status);
  const isRefused = status in InvertedStatusMap && status < 500;
  return new Failure(ofStatus[status] ?? (isRefused ? errors.invalid_input : errors.internal), undefined, {
    cause: error,
  });
};
