import { expect, test } from 'bun:test';
import { clockOf } from './time.ts';

const dayName = (timeZone: string, at: string, now: string): string =>
  clockOf({ locale: 'en-GB', timeZone }).dayName(Date.parse(at), Date.parse(now));

test('days are named in the reader’s time zone', () => {
  expect(dayName('UTC', '2026-03-10T00:00:00Z', '2026-03-10T23:59:59Z')).toBe('Today');
  expect(dayName('UTC', '2026-03-10T23:59:59Z', '2026-03-11T00:00:00Z')).toBe('Yesterday');
  expect(dayName('UTC', '2026-03-10T12:00:00Z', '2026-03-12T00:00:00Z')).toBe('Tuesday 10 March');
  expect(dayName('UTC', '2025-12-31T12:00:00Z', '2026-01-02T00:00:00Z')).toBe('Wednesday, 31 December 2025');
  expect(dayName('UTC', '2025-12-31T12:00:00Z', '2026-01-01T00:00:00Z')).toBe('Yesterday');
  expect(dayName('Asia/Tokyo', '2026-03-10T14:59:00Z', '2026-03-10T15:00:00Z')).toBe('Yesterday');
});

test('yesterday is correct when a day has 23 or 25 hours', () => {
  const berlin = (at: string, now: string) => dayName('Europe/Berlin', at, now);
  expect(berlin('2026-10-24T20:00:00+02:00', '2026-10-25T23:30:00+01:00')).toBe('Yesterday');
  expect(berlin('2026-03-29T20:00:00+02:00', '2026-03-30T00:30:00+02:00')).toBe('Yesterday');
  expect(berlin('2026-03-28T20:00:00+01:00', '2026-03-30T00:30:00+02:00')).toBe('Saturday 28 March');
});
