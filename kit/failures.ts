/** Turns whatever was thrown into a `Failure` of the error table, so that every route answers in the same words. */
import type { TSchema } from '@sinclair/typebox';
import { InvertedStatusMap, NotFoundError, ParseError, ValidationError } from 'elysia';
import { describeWanted } from './config.ts';
import { type ErrorCode, errorTable, Failure } from './errors.ts';
import { TimeoutError } from './timeout.ts';

/** Postgres' SQLSTATE classes and the drivers' codes that mean: the database is away, try again. */
const AWAY =
  /^(08...|57P0.|53[0-4]00|CONNECT_TIMEOUT|CONNECTION_(CLOSED|ENDED|DESTROYED|CONNECT_TIMEOUT)|ECONN(REFUSED|RESET|ABORTED)|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|ERR_SOCKET_CLOSED|FailedToOpenSocket|ConnectionRefused|ConnectionClosed)$/;

/** Text that Postgres can't hold: a NUL byte, bad UTF-8, a number out of range, a string too long. */
const UNSTORABLE = /^22/;

/** The codes of an error and its causes, outermost first (an ORM wraps the driver's error). */
const codesOf = (error: unknown): string[] => {
  const codes: string[] = [];
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    const code = (at as { code?: unknown }).code;
    if (typeof code === 'string') codes.push(code);
  }
  return codes;
};

/** Whether an error means that a backing service is away, so that the same call may work in a moment. */
export const isAway = (error: unknown): boolean =>
  error instanceof TimeoutError || codesOf(error).some((code) => AWAY.test(code));

/** Where a value came from, in the words of HTTP. */
const places: Record<string, string> = { params: 'path', property: 'query' };

const lowerFirst = (text: string | undefined): string | undefined =>
  text?.replace(/^./, (first) => first.toLowerCase());

/** What a schema wants, or undefined where only the validator can say it. */
const describeSchema = (schema: TSchema): string | undefined => {
  // What arrives as text is described to the validator as text or a number: the number is what is wanted.
  const [wanted = schema] = ((schema.anyOf ?? []) as TSchema[]).filter(
    ({ type }) => type !== 'string' && type !== 'null',
  );
  if (['integer', 'number', 'boolean'].includes(wanted.type)) return describeWanted(wanted);
  return schema.format || schema.pattern ? lowerFirst(schema.description) : undefined;
};

/** The query's only field with this value: the framework forgets the name of a number that is out of range. */
const fieldWithValue = (address: string, value: unknown): string | undefined => {
  const fields = [...new URL(address).searchParams].filter(([, text]) => text !== '' && Number(text) === value);
  return fields.length === 1 ? fields[0]?.[0] : undefined;
};

/** Which field, and why. @param address where the request went, for what only it tells */
const describeInvalid = (error: ValidationError, address: string): string => {
  const [fault] = error.all;
  if (!fault || !('path' in fault)) return errorTable.invalid_input.detail;
  const path = String(fault.path).replaceAll('/', '.').slice(1);
  const field = path || (error.type === 'property' ? fieldWithValue(address, fault.value) : '');
  const wanted = describeSchema(fault.schema);
  const reason = wanted && fault.value !== undefined ? `wants ${wanted}` : (fault.summary ?? fault.message);
  return `${[places[error.type] ?? error.type, field].filter(Boolean).join(' ')}: ${reason}`;
};

const ofStatus: Partial<Record<number, ErrorCode>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  413: 'too_large',
  415: 'wrong_media_type',
};

/**
 * @param address where the request went, to name the field at fault
 * @returns the failure itself, or the one that stands for this error; its `cause` is the original
 */
export const toFailure = (error: unknown, address = 'http://localhost'): Failure => {
  if (error instanceof Failure) return error;
  if (error instanceof ValidationError) return new Failure('invalid_input', describeInvalid(error, address));
  if (error instanceof ParseError) return error.cause instanceof Failure ? error.cause : new Failure('invalid_json');
  if (error instanceof NotFoundError) return new Failure('not_found');
  if (isAway(error)) return new Failure('storage_unavailable', undefined, { cause: error });
  if (codesOf(error).some((code) => UNSTORABLE.test(code)))
    return new Failure('invalid_input', undefined, { cause: error });
  const status = Number((error as { status?: unknown } | null)?.status);
  const code = ofStatus[status] ?? (status in InvertedStatusMap && status < 500 ? 'invalid_input' : 'internal');
  return new Failure(code, undefined, { cause: error });
};
