import { expect, test } from 'bun:test';
import { createBreaker } from './breaker.ts';

const CUT_OFF_MS = 100;

const open = () => {
  const clock = { nowMs: 0 };
  const breaker = createBreaker({ cutOffMs: CUT_OFF_MS, now: () => clock.nowMs });
  const fail = (times: number) => {
    for (let time = 0; time < times; time += 1) {
      breaker.started('host');
      breaker.ended('host', false);
    }
  };
  return { breaker, clock, fail, state: () => breaker.stateOf('host') };
};

test('a host is unproven until it answers, and cut off after three failures in a row', () => {
  const { breaker, fail, state } = open();
  expect(state()).toBe('unproven');
  breaker.ended('host', true);
  expect(state()).toBe('proven');
  fail(2);
  expect(state()).toBe('unproven');
  breaker.ended('host', true);
  fail(2);
  expect(state()).toBe('unproven');
  fail(1);
  expect(state()).toBe('open');
  expect(breaker.stateOf('other')).toBe('unproven');
});

test('after a while one request tries it, and its outcome decides', () => {
  const { breaker, clock, fail, state } = open();
  fail(3);
  clock.nowMs = CUT_OFF_MS;
  expect(state()).toBe('unproven');
  breaker.started('host');
  expect(state()).toBe('probing');
  breaker.ended('host', true);
  expect(state()).toBe('proven');
});

test('each further failure cuts it off for twice as long, up to 32 times', () => {
  const { clock, fail, state } = open();
  fail(3);
  for (const times of [1, 2, 4, 8, 16, 32, 32]) {
    clock.nowMs += times * CUT_OFF_MS - 1;
    expect(state()).toBe('open');
    clock.nowMs += 1;
    expect(state()).toBe('unproven');
    fail(1);
  }
});
