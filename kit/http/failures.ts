/** Turns whatever was thrown into a `Failure` of the error table, so that every route answers in the same words. */

import type { TSchema } from '@sinclair/typebox';
import { InvertedStatusMap, NotFoundError, ParseError, ValidationError } from 'elysia';
import { type ErrorEntry, errors } from '../errors/errors.ts';
import { Failure } from '../errors/failure.ts';
import { isUnavailable, isUnstorable } from '../errors/store-errors.ts';
import { requestUrl } from '../network/request-url.ts';
import { describeWanted } from '../process/config.ts';

/** Where a value came from, in the words of HTTP. */
const places: Record<string, string> = { params: 'path', property: 'query' };

const lowerFirst = (text: string | undefined): string | undefined =>
  text?.replace(/^./, (first) => first.toLowerCase());

/** What a schema wants, or undefined where only the validator can say it. */
export const describeSchema = (schema: TSchema): string | undefined => {
  const members: TSchema[] = schema.anyOf?.filter(({ type }: TSchema) => type !== 'null') ?? [];
  // Null is allowed as well: the other member is described.
  if (members[0] && members.length === 1 && schema.anyOf.length === 2) return describeSchema(members[0]);
  // What arrives as text is described to the validator as text or a number: the number is what is wanted.
  const [wanted = schema] = ((schema.anyOf ?? []) as TSchema[]).filter(
    ({ type }) => type !== 'string' && type !== 'null',
  );
  if (wanted.enum) return `one of ${wanted.enum.join(', ')}`;
  if (['integer', 'number', 'boolean'].includes(wanted.type)) return describeWanted(wanted);
  if (schema.format === 'uuid') return 'a UUID';
  return schema.format || schema.pattern ? lowerFirst(schema.description) : undefined;
};

/** The query's only field with this value: the framework forgets the name of a number that is out of range. */
const fieldWithValue = (address: string, value: unknown): string | undefined => {
  const fields = [...requestUrl(address).searchParams].filter(([, text]) => text !== '' && Number(text) === value);
  return fields.length === 1 ? fields[0]?.[0] : undefined;
};

/** Which field, and why. @param address where the request went, for what only it tells */
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
 * @param address where the request went, to name the field at fault
 * @returns the failure itself, or the one that stands for this error; its `cause` is the original
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
