import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { admit, type Entry, join, leave, mayWait, newLineState, release } from './line.rules.ts';
import { createLine, type LineDeps } from './line.ts';

const limits = {
  places: 4,
  placesPerGroup: 3,
  placesPerOwner: 2,
  capacity: 100,
  maxWaiting: 12,
  maxWaitingPerGroup: 8,
  maxWaitingPerOwner: 5,
};

const anEntry: fc.Arbitrary<Entry> = fc.record({
  group: fc.constantFrom('g1', 'g2', 'g3'),
  owner: fc.constantFrom('o1', 'o2', 'o3'),
  weight: fc.constantFrom(0, 1, 30, 100, 500),
});

type Step =
  | { readonly kind: 'arrive'; readonly entry: Entry }
  | { readonly kind: 'finish' | 'leave'; readonly at: number };

const aStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: anEntry.map((entry) => ({ kind: 'arrive' as const, entry })) },
  { weight: 2, arbitrary: fc.nat(20).map((at) => ({ kind: 'finish' as const, at })) },
  { weight: 1, arbitrary: fc.nat(20).map((at) => ({ kind: 'leave' as const, at })) },
);

const countBy = (entries: readonly Entry[], keyOf: (entry: Entry) => string): number[] =>
  Object.values(Object.groupBy(entries, keyOf)).map((same) => same?.length ?? 0);

const weightOf = (entries: readonly Entry[]): number =>
  entries.reduce((sum, { weight }) => sum + Math.min(weight, 100), 0);

const groupOf = ({ group }: Entry) => group;
const ownerOf = ({ group, owner }: Entry) => `${group} ${owner}`;

/** A line and its running entries. */
const startLine = (bounds: typeof limits) => {
  const state = newLineState<Entry>();
  const running: Entry[] = [];
  const fill = () => {
    for (let next = admit(state, bounds); next; next = admit(state, bounds)) running.push(next);
  };
  return {
    state,
    running,
    arrive: (entry: Entry) => {
      // Each arrival is an entry of its own.
      if (mayWait(state, entry, bounds)) join(state, { ...entry });
      fill();
    },
    finish: (at: number) => {
      const [entry] = running.length > 0 ? running.splice(at % running.length, 1) : [];
      if (entry) release(state, entry, bounds);
      fill();
      return entry;
    },
    leave: (at: number) => {
      const entry = state.waiting[at % Math.max(1, state.waiting.length)];
      if (entry) leave(state, entry);
      fill();
    },
  };
};

describe('a line', () => {
  test('never exceeds a limit, leaves no usable place free, and is empty in the end', () => {
    let longest = 0;
    fc.assert(
      fc.property(fc.array(aStep, { maxLength: 80 }), (steps) => {
        const line = startLine(limits);
        const { state, running } = line;
        for (const step of steps) {
          if (step.kind === 'arrive') line.arrive(step.entry);
          else line[step.kind](step.at);
          longest = Math.max(longest, state.waiting.length);
          expect(running.length).toBeLessThanOrEqual(limits.places);
          expect(weightOf(running)).toBeLessThanOrEqual(100);
          for (const count of countBy(running, groupOf)) expect(count).toBeLessThanOrEqual(limits.placesPerGroup);
          for (const count of countBy(running, ownerOf)) expect(count).toBeLessThanOrEqual(limits.placesPerOwner);
          for (const [keyOf, share] of [
            [groupOf, 75],
            [ownerOf, 50],
          ] as const)
            for (const same of Object.values(Object.groupBy(running, keyOf)))
              expect((same?.length ?? 0) === 1 || weightOf(same ?? []) <= share).toBeTrue();
          for (const count of countBy(state.waiting, ownerOf)) expect(count).toBeLessThanOrEqual(5);
          // An entry that waits while a place is free has used its share, is too heavy, or waits behind such an entry.
          const isFree =
            running.length < limits.places &&
            state.waiting.every(({ weight }) => weight <= 1) &&
            running.every(({ weight }) => weight <= 1);
          if (!isFree) continue;
          for (const entry of state.waiting) {
            const ofGroup = running.filter((other) => groupOf(other) === groupOf(entry)).length;
            const ofOwner = running.filter((other) => ownerOf(other) === ownerOf(entry)).length;
            expect(ofGroup === limits.placesPerGroup || ofOwner === limits.placesPerOwner).toBeTrue();
          }
        }
        while (running.length > 0) line.finish(0);
        expect([state.waiting.length, state.running, state.weight, state.parties.size]).toEqual([0, 0, 0, 0]);
      }),
      { numRuns: 500 },
    );
    expect(longest).toBeWithin(3, limits.maxWaiting + 1);
  });

  test('takes turns: with one place no group has two while another waits, and no owner two while one of the group waits', () => {
    const one = {
      ...limits,
      places: 1,
      placesPerGroup: 1,
      placesPerOwner: 1,
      maxWaiting: 500,
      maxWaitingPerGroup: 500,
      maxWaitingPerOwner: 500,
    };
    fc.assert(
      fc.property(fc.array(anEntry, { minLength: 1, maxLength: 60 }), (entries) => {
        const line = startLine(one);
        for (const entry of entries) line.arrive(entry);
        const turns: { entry: Entry; waiting: Entry[] }[] = [];
        while (line.running[0]) {
          turns.push({ entry: line.running[0], waiting: [...line.state.waiting] });
          line.finish(0);
        }
        expect(turns).toHaveLength(entries.length);
        for (const keyOf of [groupOf, ownerOf]) {
          turns.forEach(({ entry, waiting }, at) => {
            const rivals = new Set(
              waiting.filter((other) => keyOf === groupOf || groupOf(other) === groupOf(entry)).map(keyOf),
            );
            rivals.delete(keyOf(entry));
            // Each rival has had a turn before this one's next.
            const later = turns.slice(at + 1).map((turn) => keyOf(turn.entry));
            const next = later.indexOf(keyOf(entry));
            if (next < 0) return;
            for (const rival of rivals) expect(later.slice(0, next)).toContain(rival);
          });
        }
      }),
      { numRuns: 300 },
    );
  });

  test('lets no lighter entry overtake a heavy one whose turn it is', () => {
    const line = startLine(limits);
    line.arrive({ group: 'g', owner: 'o', weight: 60 });
    line.arrive({ group: 'h', owner: 'o', weight: 60 });
    line.arrive({ group: 'i', owner: 'o', weight: 1 });
    expect(line.running.map(({ weight }) => weight)).toEqual([60]);
    line.finish(0);
    expect(line.running.map(({ weight }) => weight)).toEqual([60, 1]);
  });
});

const options: LineDeps = { ...limits, retryAfterMs: 1_500, maxWaitMs: 10_000 };
const ticket = (owner: string, more = {}) => ({ group: owner, owner, ...more });

describe('work in a line', () => {
  test('runs in turn, and frees its place when it fails', async () => {
    const line = createLine({ ...options, places: 1, placesPerGroup: 1, placesPerOwner: 1 });
    const order: string[] = [];
    const done = ['a', 'a', 'b'].map((owner, index) =>
      line.run(ticket(owner), async () => {
        order.push(owner + index);
        if (index === 0) throw new Error('broken');
        return index;
      }),
    );
    expect((await Promise.allSettled(done)).map(({ status }) => status)).toEqual([
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
    expect(order).toEqual(['a0', 'b2', 'a1']);
  });

  test('is refused beyond the bound of its owner, with a time to wait; that of others is not', async () => {
    const line = createLine({ ...options, places: 1, placesPerGroup: 1, placesPerOwner: 1 });
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const greedy = Array.from({ length: 7 }, () => line.run(ticket('greedy'), () => gate));
    const refusal = { code: 'overloaded', fields: { retry_after_ms: 1_500 } };
    await expect(greedy[6]).rejects.toMatchObject(refusal);
    const modest = line.run(ticket('modest'), async () => 'served');
    open();
    expect(await modest).toBe('served');
    await Promise.all(greedy.slice(0, 6));
  });

  test('leaves the line when its signal aborts, and when it waits too long', async () => {
    const line = createLine({ ...options, places: 1, placesPerGroup: 1, placesPerOwner: 1, maxWaitMs: 30 });
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const first = line.run(ticket('a'), () => gate);
    const controller = new AbortController();
    const gone = line.run(ticket('b', { signal: controller.signal }), async () => 'never');
    controller.abort(new Error('gone'));
    await expect(gone).rejects.toThrow('gone');
    await expect(line.run(ticket('c'), async () => 'never')).rejects.toMatchObject({ code: 'overloaded' });
    open();
    await first;
    expect(await line.run(ticket('d'), async () => 'served')).toBe('served');
    await expect(line.run(ticket('e', { signal: AbortSignal.abort() }), async () => 'never')).rejects.toThrow();
  });
});
