import { expect, test } from 'bun:test';
import { type ErrorFrame, refusalOf } from './refusal.ts';

const frame = (fields: Partial<ErrorFrame>): ErrorFrame => ({
  type: 'error',
  code: 'internal',
  detail: 'No',
  ...fields,
});

test('a temporary refusal postpones its message, or the one in flight when it names none', () => {
  const passing = frame({ code: 'rate_limited', retry_after_ms: 40 });
  expect(refusalOf(passing)).toEqual({ type: 'postponed', clientId: undefined, retryAfterMs: 40 });
  expect(refusalOf({ ...passing, client_id: 'c' })).toEqual({ type: 'postponed', clientId: 'c', retryAfterMs: 40 });
});

test('a refusal for good refuses the message that it names', () => {
  const refused = frame({ code: 'content_too_long', detail: 'Too long' });
  expect(refusalOf({ ...refused, client_id: 'c' })).toEqual({ type: 'refused', clientId: 'c', fault: 'Too long' });
  expect(refusalOf(refused)).toBeUndefined();
});

test('the refusal of an edit or a deletion, which has the id of a message, changes nothing in the queue', () => {
  expect(refusalOf(frame({ code: 'storage_unavailable', id: 'm' }))).toBeUndefined();
  expect(refusalOf(frame({ code: 'unknown_message', id: 'm' }))).toBeUndefined();
});
