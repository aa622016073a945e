/** Every thrown value becomes a failure of the table, with its status. */
import { describe, expect, test } from 'bun:test';
import { NotFoundError, ParseError } from 'elysia';
import { errors } from '../errors/errors.ts';
import { errorBody, Failure } from '../errors/failure.ts';
import { isAway, isReadOnly, isUndone } from '../errors/store-errors.ts';
import { TimeoutError } from '../time/timeout.ts';
import { toFailure } from './failures.ts';

const withCode = (code: string): Error => Object.assign(new Error('from a driver'), { code });

/** As an ORM throws it: the driver's error is its cause. */
const wrapped = (error: Error): Error => new Error('Failed query', { cause: error });

describe('The error table', () => {
  test('has a client or server error and a sentence for every code', () => {
    for (const { status, detail } of Object.values(errors)) {
      expect(status).toBeWithin(400, 600);
      expect(detail).toMatch(/^[A-Z].{10,}/);
    }
  });

  test('gives a failure its status and its general sentence', () => {
    expect(errorBody(new Failure(errors.not_found))).toEqual({
      code: 'not_found',
      detail: 'There is nothing at this address',
    });
    const limited = new Failure(errors.rate_limited, 'Slower', { fields: { retry_after_ms: 5 } });
    expect<object>(errorBody(limited)).toEqual({
      code: 'rate_limited',
      detail: 'Slower',
      retry_after_ms: 5,
    });
  });
});

const AWAY_CODES = [
  ...[
    'ECONNREFUSED',
    'ECONNRESET',
    'EHOSTUNREACH',
    'EAI_AGAIN',
    'DNS_ENOTFOUND',
    'CONNECT_TIMEOUT',
    'CONNECTION_CLOSED',
  ],
  ...[
    '08006',
    '25006',
    '25P03',
    '26000',
    '40001',
    '40003',
    '40P01',
    '53100',
    '53300',
    '55P03',
    '57014',
    '57P01',
    '57P03',
  ],
  ...['58030', 'XX000'],
];
const REFUSING_CODES = ['28P01', '3D000', '42501', 'ENOSPC', 'CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT'];
const FAULT_CODES = ['23505', '42P01', '22021', '25P02', 'ENOENT', '0A000', 'EXXXX'];

describe('A store that is away', () => {
  test.each(AWAY_CODES)('%s means away, bare or wrapped', (code) => {
    expect(isAway(withCode(code))).toBeTrue();
    expect(isAway(wrapped(wrapped(withCode(code))))).toBeTrue();
    expect(toFailure(wrapped(withCode(code)))).toMatchObject({ code: 'storage_unavailable', status: 503 });
  });

  test.each(FAULT_CODES)('%s does not', (code) => {
    expect(isAway(wrapped(withCode(code)))).toBeFalse();
  });

  test.each(REFUSING_CODES)('%s is the store’s refusal: nothing to wait for, and no fault of ours', (code) => {
    expect(isAway(wrapped(withCode(code)))).toBeFalse();
    expect(toFailure(wrapped(withCode(code)))).toMatchObject({ code: 'storage_unavailable', status: 503 });
  });

  test('a transaction that was rolled back may be repeated', () => {
    for (const code of ['40001', '40P01', '25006', '26000']) expect(isUndone(wrapped(withCode(code)))).toBeTrue();
    // After these it may have been committed, or would take as long again.
    for (const code of ['40003', '08006', '57014', '53300']) expect(isUndone(wrapped(withCode(code)))).toBeFalse();
    expect(isReadOnly(wrapped(withCode('25006')))).toBeTrue();
    const stale = Object.assign(new Error('cached plan must not change result type'), { code: '0A000' });
    expect([isAway(wrapped(stale)), isUndone(wrapped(stale))]).toEqual([true, true]);
  });

  test('no answer in time means away', () => {
    expect(isAway(new TimeoutError(10))).toBeTrue();
  });
});

describe('Every thrown value becomes a failure', () => {
  test.each<[string, unknown, string]>([
    ['a failure', new Failure(errors.foreign_host), 'foreign_host'],
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
