import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { ServerFrame } from '../frames.ts';
import type { Message } from '../messages/rules.ts';
import { createRoomModel, type Operation, see } from '../testing/room.model.ts';
import { type Change, createSequencer } from './sequencer.ts';

const APPEND: Operation = { kind: 'append', target: 0 };

const start = (delivered = 0, waitingLimit = 100) => {
  const frames: (ServerFrame & { seq: number })[] = [];
  const deliver = ({ text }: Change) => frames.push(JSON.parse(text));
  return { frames, sequencer: createSequencer({ delivered, waitingLimit, deliver }) };
};

const seqsOf = (frames: readonly { seq: number }[]) => frames.map(({ seq }) => seq);

describe('the sequencer', () => {
  test('delivers what comes in order at once', () => {
    const room = createRoomModel();
    const { frames, sequencer } = start();
    for (let count = 1; count <= 3; count += 1) {
      sequencer.receive(room.commit(APPEND));
      expect(sequencer.delivered).toBe(count);
    }
    expect(seqsOf(frames)).toEqual([1, 2, 3]);
  });

  test('keeps an early change until the gap before it is filled, and drops a duplicate', () => {
    const room = createRoomModel();
    const [one, two, three] = [room.commit(APPEND), room.commit(APPEND), room.commit(APPEND)];
    const { frames, sequencer } = start();
    for (const change of [three, one, one, three]) sequencer.receive(change);
    expect(seqsOf(frames)).toEqual([1]);
    expect(sequencer.hasGap).toBe(true);
    sequencer.receive(two);
    sequencer.receive(two);
    expect(seqsOf(frames)).toEqual([1, 2, 3]);
    expect(sequencer.hasGap).toBe(false);
  });

  test('delivers a missed message once, in its newest state, and not at its first seq', () => {
    const room = createRoomModel();
    const [born, edited] = [room.commit(APPEND), room.commit({ kind: 'edit', target: 0 })];
    const { frames, sequencer } = start();
    sequencer.advance(room.changesSince(0, 10));
    sequencer.receive(born);
    sequencer.receive(edited);
    expect(frames).toMatchObject([{ type: 'message', seq: 2, position: 1, content: 'content 2' }]);
  });

  test('keeps no more than its limit of early changes', () => {
    const room = createRoomModel();
    const changes = Array.from({ length: 10 }, () => room.commit(APPEND));
    const { frames, sequencer } = start(0, 2);
    for (const change of changes.slice(1)) sequencer.receive(change);
    sequencer.receive(changes[0] as Change);
    expect(seqsOf(frames)).toEqual([1, 2, 3]);
  });

  test('continues after a jump, never back', () => {
    const room = createRoomModel();
    const changes = Array.from({ length: 6 }, () => room.commit(APPEND));
    const { frames, sequencer } = start();
    sequencer.receive(changes[5] as Change);
    sequencer.jump(5);
    sequencer.jump(2);
    expect(sequencer.delivered).toBe(6);
    expect(seqsOf(frames)).toEqual([6]);
  });

  test('drops waiting changes that the log does not have', () => {
    const { frames, sequencer } = start();
    sequencer.receive({ seq: 1_000, text: '{}' });
    expect(sequencer.hasGap).toBe(true);
    sequencer.dropWaiting();
    expect(sequencer.hasGap).toBe(false);
    expect(frames).toEqual([]);
  });
});

/** A step: a change is committed; a change in flight arrives, arrives while a copy stays in flight, or is lost; the log is read. */
type Step =
  | { readonly do: 'commit'; readonly operation: Operation }
  | { readonly do: 'arrive' | 'arrive twice' | 'lose'; readonly pick: number }
  | { readonly do: 'fetch' }
  | { readonly do: 'answer' };

const operations = fc.record({
  kind: fc.constantFrom('append' as const, 'append' as const, 'edit' as const, 'delete' as const),
  target: fc.nat(20),
});
const pick = fc.nat(30);
const steps = fc.array(
  fc.oneof<fc.Arbitrary<Step>[]>(
    fc.record({ do: fc.constant('commit' as const), operation: operations }),
    fc.record({
      do: fc.constantFrom('arrive' as const, 'arrive' as const, 'arrive twice' as const, 'lose' as const),
      pick,
    }),
    fc.constantFrom({ do: 'fetch' as const }, { do: 'answer' as const }),
  ),
  { maxLength: 120 },
);

describe('with changes that are late, doubled or lost', () => {
  /** Runs the steps, then reads the log once. @returns every frame that was delivered, and the room */
  const run = (history: readonly Operation[], waitingLimit: number, todo: readonly Step[]) => {
    const room = createRoomModel();
    for (const operation of history) room.commit(operation);
    const { frames, sequencer } = start(room.lastSeq, waitingLimit);
    const inFlight: Change[] = [];
    const reading: Message[][] = [];
    const fetch = () => reading.push(room.changesSince(sequencer.delivered, Number.MAX_SAFE_INTEGER));

    for (const step of todo) {
      if (step.do === 'commit') inFlight.push(room.commit(step.operation));
      else if (step.do === 'fetch') fetch();
      else if (step.do === 'answer') sequencer.advance(reading.shift() ?? []);
      else {
        const index = step.pick % (inFlight.length || 1);
        const change = inFlight[index];
        if (change && step.do !== 'lose') sequencer.receive(change);
        if (step.do !== 'arrive twice') inFlight.splice(index, 1);
      }
    }
    sequencer.advance(room.changesSince(sequencer.delivered, Number.MAX_SAFE_INTEGER));
    return { frames, sequencer, room };
  };

  test('each number is delivered once and ascending, each message as new at most once, and nothing is missing', () => {
    fc.assert(
      fc.property(
        fc.array(operations, { maxLength: 10 }),
        fc.integer({ min: 1, max: 20 }),
        steps,
        (history, limit, todo) => {
          const { frames, sequencer, room } = run(history, limit, todo);
          const seqs = seqsOf(frames);
          expect(seqs).toEqual([...new Set(seqs)].toSorted((a, b) => a - b));
          expect(sequencer.delivered).toBe(room.lastSeq);
          expect(sequencer.hasGap).toBe(false);

          const view = room.viewAt(history.length);
          for (const frame of frames) {
            if (frame.type === 'message') expect(view.has(frame.id)).toBe(false);
            if (frame.type === 'message_edited') expect(view.has(frame.id)).toBe(true);
            see(view, frame);
          }
          expect(view).toEqual(room.viewAt(room.lastSeq));
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
