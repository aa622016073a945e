import { expect, test } from 'bun:test';
import { errors } from '../errors/errors.ts';
import { Failure } from '../errors/failure.ts';
import { TimeoutError } from '../time/timeout.ts';
import { errorFields } from './log.ts';

const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

test('a failure and a store that is away are logged without a stack', () => {
  expect(errorFields(new Failure(errors.overloaded))).toEqual({ error: expect.any(String), error_code: 'overloaded' });
  const away = { error: 'connect ECONNREFUSED', error_code: 'ECONNREFUSED' };
  expect(errorFields(refused)).toEqual(away);
  expect(errorFields(new Failure(errors.storage_unavailable, undefined, { cause: refused }))).toEqual(away);
  expect(errorFields(new TimeoutError(5))).toEqual({ error: 'No answer within 5 ms', error_code: undefined });
});

test('a defect is logged with its stack, also as the cause of an internal failure', () => {
  const defect = new TypeError('undefined is not a function');
  for (const error of [defect, new Failure(errors.internal, undefined, { cause: defect })])
    expect(errorFields(error)).toMatchObject({
      error: defect.message,
      stack: expect.stringMatching(/^\s+at .*log\.test\.ts/),
    });
});

test('the values of a failed query are not logged', () => {
  const driver = Object.assign(new Error('duplicate key'), { code: '23505' });
  const query = new Error('Failed query: insert into notes values ($1)\nparams: a secret', { cause: driver });
  const fields = errorFields(query);
  expect(fields).toMatchObject({ error: 'duplicate key', error_code: '23505' });
  expect(JSON.stringify(fields)).not.toContain('secret');
});

test('a thrown value that is no Error is logged as text', () => {
  expect(errorFields('thrown')).toEqual({ error: 'thrown' });
});
