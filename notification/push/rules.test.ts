import { expect, test } from 'bun:test';
import webPush from 'web-push';
import type { Notification } from '../notifications/rules.ts';
import { isAuthSecret, isBrowserKey, outcomeOf, payloadOf, shorten } from './rules.ts';

const RECORD_BYTES = 3_993;

const notification = (fields: Partial<Notification>): Notification => ({
  id: crypto.randomUUID(),
  user_id: 'alice',
  title: 'Title',
  body: 'Body',
  notif_type: 'mention',
  room_id: null,
  from_user: null,
  message_id: null,
  position: null,
  read: false,
  created_at: new Date(0).toISOString(),
  ...fields,
});

test('a short text stays, a long one is cut by characters and ends with an ellipsis', () => {
  expect(shorten('four', 4)).toBe('four');
  expect(shorten('fives', 4)).toBe('fiv…');
  expect(shorten('👋👋👋👋', 4)).toBe('👋👋👋👋');
  expect(shorten('👋👋👋👋👋', 4)).toBe('👋👋👋…');
});

test.each(['x', '👋', '\u0001', '"', 'é'])(
  'a payload of the longest texts of %p fits one encrypted record',
  (character) => {
    const name = character === '\u0001' ? 'x' : character;
    const longest = notification({
      title: character.repeat(500 / character.length),
      body: character.repeat(20_000 / character.length),
      room_id: 'r'.repeat(50),
      from_user: name.repeat(100),
      message_id: crypto.randomUUID(),
      position: Number.MAX_SAFE_INTEGER,
    });
    expect(Buffer.byteLength(payloadOf(longest))).toBeLessThanOrEqual(RECORD_BYTES);
  },
);

test.each([
  [201, 'delivered'],
  [404, 'gone'],
  [410, 'gone'],
  [413, 'refused'],
  [429, 'refused'],
  [500, 'failed'],
  [302, 'failed'],
] as const)('the answer %p means %s', (status, outcome) => {
  expect(outcomeOf(status)).toBe(outcome);
});

test("a browser's keys are a point of P-256 and 16 bytes", () => {
  expect(isBrowserKey(webPush.generateVAPIDKeys().publicKey)).toBe(true);
  expect(isBrowserKey(`B${'A'.repeat(86)}`)).toBe(false);
  expect(isBrowserKey('')).toBe(false);
  expect(isAuthSecret('5I2Bu2oKdyy9CwL8QVF0NQ')).toBe(true);
  expect(isAuthSecret('5I2B')).toBe(false);
});
