/** In any interleaving of commits, events, answers of the database and joins, each socket gets each change of the room once. */
import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { createReplica, turn } from '../testing/replica.model.ts';
import { createRoomModel, type Operation, type RoomModel, see } from '../testing/room.model.ts';
import type { Change } from './sequencer.ts';

/**
 * A step. Between two steps nothing runs, except in `tick` (one microtask) and `turn` (one turn of the event loop), so that commits, answers
 * of the database and joins occur in every order.
 */
type Step =
  | { readonly do: 'commit'; readonly operation: Operation; readonly isLocal: boolean }
  | { readonly do: 'arrive' | 'arrive twice' | 'lose'; readonly pick: number }
  | { readonly do: 'join'; readonly behind: number; readonly isSlow: boolean }
  | { readonly do: 'drain' }
  | { readonly do: 'answer' }
  | { readonly do: 'fail' }
  | { readonly do: 'tick' }
  | { readonly do: 'turn' };

const operations = fc.record({
  kind: fc.constantFrom('append' as const, 'append' as const, 'edit' as const, 'delete' as const),
  target: fc.nat(20),
});
const weighted = (weight: number, arbitrary: fc.Arbitrary<Step>) => ({ weight, arbitrary });
const steps = fc.array(
  fc.oneof(
    weighted(4, fc.record({ do: fc.constant('commit'), operation: operations, isLocal: fc.boolean() })),
    weighted(3, fc.record({ do: fc.constantFrom('arrive', 'arrive twice', 'lose'), pick: fc.nat(30) })),
    weighted(1, fc.record({ do: fc.constant('join'), behind: fc.integer({ min: -2, max: 12 }), isSlow: fc.boolean() })),
    weighted(3, fc.constant({ do: 'answer' })),
    weighted(3, fc.constant({ do: 'tick' })),
    weighted(2, fc.constant({ do: 'turn' })),
    weighted(1, fc.constant({ do: 'fail' })),
    weighted(2, fc.constant({ do: 'drain' })),
  ),
  { maxLength: 150 },
);

type Replica = ReturnType<typeof createReplica>;
type Reader = ReturnType<Replica['join']>;

describe('with events that are late, doubled or lost, and sockets that join meanwhile', () => {
  const take = (room: RoomModel, replica: Replica, readers: Reader[], inFlight: Change[]) => (step: Step) => {
    if (step.do === 'commit') {
      const change = room.commit(step.operation);
      if (step.isLocal) replica.feed.receive(change);
      inFlight.push(change);
    } else if (step.do === 'join') readers.push(replica.join(Math.max(0, room.lastSeq - step.behind), step.isSlow));
    else if (step.do === 'answer') replica.store.reads.shift()?.answer();
    else if (step.do === 'drain') replica.undrained.shift()?.();
    else if (step.do === 'fail') replica.store.reads.shift()?.fail();
    else if ('pick' in step) {
      const index = step.pick % (inFlight.length || 1);
      const change = inFlight[index];
      if (change && step.do !== 'lose') replica.deliver(change.text);
      if (step.do !== 'arrive twice') inFlight.splice(index, 1);
    }
  };

  /** Each `seq` once and ascending, each message as new at most once; in the end the reader's view is the room. */
  const expectWhole = (room: RoomModel, { since, frames }: Reader) => {
    let view = room.viewAt(since);
    let cursor = since;
    const news = new Set<string>();
    for (const frame of frames) {
      if (frame.type === 'resync') {
        view = room.viewAt(frame.seq);
        cursor = frame.seq;
      } else if (frame.type === 'ready') expect(frame.seq).toBe(cursor);
      else if ('position' in frame && 'seq' in frame) {
        expect(frame.seq).toBeGreaterThan(cursor);
        cursor = frame.seq;
        if (frame.type === 'message') expect(news.has(frame.id) || view.has(frame.id)).toBe(false);
        news.add(frame.id);
        see(view, frame);
      }
    }
    expect(view).toEqual(room.viewAt(room.lastSeq));
  };

  test('every socket sees each change once, in order, and ends with the room as it is', async () => {
    const history = fc.array(operations, { maxLength: 15 });
    await fc.assert(
      fc.asyncProperty(history, fc.integer({ min: 1, max: 30 }), steps, async (before, resyncLimit, todo) => {
        const room = createRoomModel();
        for (const operation of before) room.commit(operation);
        const replica = createReplica(room, resyncLimit);
        await replica.open();
        const readers = [replica.join(room.lastSeq)];
        const act = take(room, replica, readers, []);
        for (const step of todo) {
          if (step.do === 'turn') await turn();
          else if (step.do === 'tick') await null;
          else act(step);
        }
        await replica.catchUpAll(readers);
        replica.feed.close();
        for (const reader of readers.filter(({ isIn }) => isIn)) expectWhole(room, reader);
      }),
      { numRuns: 400 },
    );
  });
});
