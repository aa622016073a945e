/** Whatever is thrown becomes an error of the table, with the status that tells a client what to do. */
import { describe, expect, test } from 'bun:test';
import { NotFoundError, ParseError } from 'elysia';
import { type ErrorCode, errorBody, errorTable, Failure } from './errors.ts';
import { isAway, toFailure } from './failures.ts';
import { TimeoutError } from './timeout.ts';

const withCode = (code: string): Error => Object.assign(new Error('from a driver'), { code });

/** As an ORM throws it: the driver's error is its cause. */
const wrapped = (error: Error): Error => new Error('Failed query', { cause: error });

describe('The error table', () => {
  test('has a client or server error and a sentence for every code', () => {
    for (const { status, detail } of Object.values(errorTable)) {
      expect(status).toBeWithin(400, 600);
      expect(detail).toMatch(/^[A-Z].{10,}/);
    }
  });

  test('gives a failure its status and its general sentence', () => {
    expect(errorBody(new Failure('unknown_room'))).toEqual({
      code: 'unknown_room',
      detail: 'There is no room with this id',
    });
    const limited = new Failure('rate_limited', 'Slower', { fields: { retry_after_ms: 5 } });
    expect<object>(errorBody(limited)).toEqual({
      code: 'rate_limited',
      detail: 'Slower',
      retry_after_ms: 5,
    });
  });
});

const AWAY_CODES = ['ECONNREFUSED', 'ECONNRESET', 'CONNECT_TIMEOUT', 'CONNECTION_CLOSED', 'CONNECTION_ENDED', '57P01'];
const FAULT_CODES = ['23505', '42P01', '22021', 'ENOENT', '40001'];

describe('A store that is away', () => {
  test.each(AWAY_CODES)('%s means away, bare or wrapped', (code) => {
    expect(isAway(withCode(code))).toBeTrue();
    expect(isAway(wrapped(wrapped(withCode(code))))).toBeTrue();
    expect(toFailure(wrapped(withCode(code)))).toMatchObject({ code: 'storage_unavailable', status: 503 });
  });

  test.each(FAULT_CODES)('%s does not', (code) => {
    expect(isAway(wrapped(withCode(code)))).toBeFalse();
  });

  test('no answer in time means away', () => {
    expect(isAway(new TimeoutError(10))).toBeTrue();
  });
});

describe('Whatever is thrown', () => {
  test.each<[string, unknown, ErrorCode]>([
    ['a failure', new Failure('room_exists'), 'room_exists'],
    ['a body that can’t be read', new ParseError(), 'invalid_json'],
    ['an address without a route', new NotFoundError(), 'not_found'],
    ['text that Postgres can’t hold', wrapped(withCode('22021')), 'invalid_input'],
    ['a status of the framework', Object.assign(new Error('too large'), { status: 413 }), 'too_large'],
    ['an error of ours', new TypeError('undefined is not a function'), 'internal'],
    ['a string', 'thrown', 'internal'],
    ['nothing', undefined, 'internal'],
  ])('%s', (_, thrown, code) => {
    expect(toFailure(thrown).code).toBe(code);
  });
});
