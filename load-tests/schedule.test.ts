import { describe, expect, test } from 'bun:test';
import { type Load, sendTimes, usersOf } from './scenarios/schedule.ts';
import { createTally, type LoadContent } from './scenarios/tally.ts';

const load: Load = { users: 10, rooms: 3, rate: 100, durationMs: 60_000 };

describe('the schedule of a load run', () => {
  test('is the same for everyone who knows the run, and another for another run', () => {
    expect(sendTimes('run-1', 4, load)).toEqual(sendTimes('run-1', 4, load));
    expect(sendTimes('run-1', 4, load)).not.toEqual(sendTimes('run-2', 4, load));
    expect(sendTimes('run-1', 4, load)).not.toEqual(sendTimes('run-1', 5, load));
  });

  test('offers the asked rate, within the chance of a Poisson process', () => {
    const total = Array.from({ length: load.users }, (_, user) => sendTimes('run', user, load).length);
    const count = total.reduce((sum, sent) => sum + sent);
    // Six standard deviations of a Poisson count of 6,000.
    expect(Math.abs(count - 6_000)).toBeLessThan(6 * Math.sqrt(6_000));
  });

  test('keeps every send within the run and in order', () => {
    const times = sendTimes('run', 0, load);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.at(-1)).toBeLessThanOrEqual(load.durationMs);
  });

  test('puts everyone into one room', () => {
    const all = [0, 1, 2].flatMap((room) => usersOf(room, load));
    expect(all.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});

describe('the tally of a reader', () => {
  const content = (sender: number, number: number): LoadContent => ({ run: 'run', sender, number, intendedAt: 0 });
  const expected = new Map([
    [0, 2],
    [1, 1],
  ]);

  test('counts what is missing, and nothing when all came in order', () => {
    const tally = createTally(expected);
    expect(tally.missing()).toBe(3);
    expect([tally.see(content(0, 1), 1), tally.see(content(1, 1), 2), tally.see(content(0, 2), 3)]).toEqual([
      'fine',
      'fine',
      'fine',
    ]);
    expect([tally.missing(), tally.seq]).toEqual([0, 3]);
  });

  test('tells a duplicate, and an order that is not the room’s', () => {
    const tally = createTally(expected);
    expect(tally.see(content(0, 2), 5)).toBe('fine');
    expect(tally.see(content(0, 2), 5)).toBe('duplicate');
    expect(tally.see(content(1, 1), 4)).toBe('reordered');
    // A message that was refused and resent may come after a later one.
    expect(tally.see(content(0, 1), 6)).toBe('fine');
    expect([tally.missing(), tally.seq]).toEqual([0, 6]);
  });
});
