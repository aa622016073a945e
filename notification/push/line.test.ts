/** The line, with jobs that end when the test says so. */
import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { createBreaker } from './breaker.ts';
import { type DropReason, PushLine, type PushLineDeps } from './line.ts';

interface Sent {
  readonly name: string;
  readonly person: string;
  readonly host: string;
  end(hasAnswered: boolean): void;
}

const open = (options: Partial<PushLineDeps> = {}) => {
  const clock = { nowMs: 0 };
  const now = () => clock.nowMs;
  const line = new PushLine({
    ...{ places: 4, placesPerPerson: 2, placesPerHost: 3, placesUnproven: 4 },
    ...{ maxWaiting: 100, maxWaitingPerPerson: 50, maxWaitMs: 1_000 },
    ...{ breaker: createBreaker({ cutOffMs: 100, now }), now },
    ...options,
  });
  const sent: Sent[] = [];
  const dropped: [string, DropReason][] = [];
  const add = (person: string, host: string, name: string, endpoint: string = crypto.randomUUID()) =>
    line.add({
      ...{ person, host, endpoint },
      run: () => new Promise((end) => sent.push({ name, person, host, end })),
      drop: (reason) => dropped.push([name, reason]),
    });
  const names = () => sent.map(({ name }) => name);
  /** Ends the nth job that was sent. */
  const end = async (index: number, hasAnswered = true) => {
    sent[index]?.end(hasAnswered);
    await Promise.resolve().then(() => undefined);
    await Bun.sleep(0);
  };
  return { line, clock, add, sent, names, dropped, end };
};

describe('the line', () => {
  test('sends another person’s before the rest of someone who has much waiting', async () => {
    const { add, names, end } = open({ places: 2, placesPerPerson: 1 });
    for (let number = 1; number <= 24; number += 1) add('mallory', 'slow', `m${number}`);
    add('bob', 'slow', 'b1');
    expect(names()).toEqual(['m1', 'b1']);
    add('carol', 'slow', 'c1');
    add('mallory', 'slow', 'm25');
    await end(1);
    expect(names()).toEqual(['m1', 'b1', 'c1']);
  });

  test('people take turns', async () => {
    const { add, names, end } = open({ places: 1 });
    add('z', 'x', 'first');
    for (const name of ['a1', 'a2', 'a3']) add('a', 'x', name);
    for (const name of ['b1', 'b2']) add('b', 'x', name);
    add('c', 'x', 'c1');
    for (let index = 0; index < 7; index += 1) await end(index);
    expect(names()).toEqual(['first', 'a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
  });

  test('one host can’t hold all places, nor can many that never answered', async () => {
    const { add, names, end } = open({ places: 4, placesPerPerson: 4, placesPerHost: 3, placesUnproven: 2 });
    add('a', 'good', 'first');
    await end(0);
    for (const number of [1, 2, 3, 4]) add(`p${number}`, 'good', `g${number}`);
    expect(names()).toEqual(['first', 'g1', 'g2', 'g3']);
    for (const index of [1, 2, 3, 4]) await end(index);
    for (const number of [1, 2, 3, 4]) add(`q${number}`, `${number}.evil`, `e${number}`);
    add('bob', 'good', 'bob');
    expect(names().slice(5)).toEqual(['e1', 'e2', 'bob']);
  });

  test('what goes to one endpoint keeps its order, and lets the others pass', async () => {
    const { add, names, end } = open();
    add('a', 'x', 'one', 'endpoint');
    add('a', 'x', 'two', 'endpoint');
    add('a', 'x', 'other');
    expect(names()).toEqual(['one', 'other']);
    await end(0);
    expect(names()).toEqual(['one', 'other', 'two']);
  });

  test('a host that fails is cut off: what waits for it is dropped, until one that tries it is answered', async () => {
    const { add, names, dropped, end, clock } = open();
    for (const number of [1, 2, 3]) {
      add('a', 'dead', `d${number}`);
      await end(number - 1, false);
    }
    add('b', 'dead', 'd4');
    add('b', 'good', 'g1');
    expect(dropped).toEqual([['d4', 'cut_off']]);
    expect(names().at(-1)).toBe('g1');
    clock.nowMs += 100;
    add('c', 'dead', 'probe');
    add('d', 'dead', 'behind');
    expect(names().at(-1)).toBe('probe');
    await end(names().indexOf('probe'));
    expect(names().at(-1)).toBe('behind');
  });

  test('what has waited for too long is dropped', async () => {
    const { add, names, dropped, end, clock } = open({ places: 1 });
    add('a', 'x', 'one');
    add('b', 'x', 'late');
    clock.nowMs += 1_001;
    add('c', 'x', 'new');
    await end(0);
    expect(names()).toEqual(['one', 'new']);
    expect(dropped).toEqual([['late', 'late']]);
  });

  test('is bounded: the person with the most waiting loses their oldest, and nobody more than their share', () => {
    const { line, add, dropped } = open({ places: 1, placesPerPerson: 1, maxWaiting: 6, maxWaitingPerPerson: 5 });
    add('a', 'x', 'running');
    for (let number = 1; number <= 7; number += 1) add('mallory', 'x', `m${number}`);
    expect(dropped).toEqual([
      ['m1', 'full'],
      ['m2', 'full'],
    ]);
    add('bob', 'x', 'b1');
    add('carol', 'x', 'c1');
    expect(dropped.at(-1)).toEqual(['m3', 'full']);
    expect(line.waiting).toBe(6);
  });

  test('that is closed drops what waits, ends what runs, and takes no more', async () => {
    const { line, add, dropped, end } = open({ places: 1 });
    add('a', 'x', 'running');
    add('a', 'x', 'waiting');
    line.close();
    add('a', 'x', 'after');
    expect(dropped).toEqual([
      ['waiting', 'stopped'],
      ['after', 'stopped'],
    ]);
    const idle = line.idle();
    await end(0);
    await idle;
    expect([line.waiting, line.isRunning]).toEqual([0, false]);
  });

  test('whatever is added and however it ends, each is sent or dropped once, within the bounds', async () => {
    const person = fc.constantFrom('a', 'b', 'c');
    const job = fc.record({ person, host: fc.constantFrom('x', 'y', 'z'), endpoint: fc.constantFrom('1', '2', '3') });
    const step = fc.oneof(
      job,
      fc.record({ isAnswered: fc.boolean() }),
      fc.record({ waitMs: fc.integer({ min: 0, max: 500 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 80 }), async (steps) => {
        const { line, add, sent, dropped, clock } = open({ maxWaiting: 8, maxWaitingPerPerson: 4 });
        let added = 0;
        let ended = 0;
        const endNext = async (isAnswered: boolean) => {
          if (ended >= sent.length) return;
          sent[ended]?.end(isAnswered);
          ended += 1;
          await Bun.sleep(0);
        };
        for (const one of steps) {
          if ('person' in one) {
            added += 1;
            add(one.person, one.host, `${added}`, one.endpoint);
          } else if ('waitMs' in one) clock.nowMs += one.waitMs;
          else await endNext(one.isAnswered);
          expect(line.waiting).toBeLessThanOrEqual(8);
          expect(sent.length - ended).toBeLessThanOrEqual(4);
        }
        while (ended < sent.length) await endNext(true);
        await line.idle();
        expect(line.waiting).toBe(0);
        const met = [...sent.map(({ name }) => name), ...dropped.map(([name]) => name)];
        expect(met.toSorted()).toEqual(Array.from({ length: added }, (_, index) => `${index + 1}`).toSorted());
      }),
      { numRuns: 60 },
    );
  });
});
