import { expect, test } from 'bun:test';
import { catchUpFrames } from '@parley/chat/delivery/sequencer';
import type { Message as Stored } from '@parley/chat/messages/rules';
import { createRoomModel, type Operation, type RoomModel, see } from '@parley/chat/testing/room.model';
import fc from 'fast-check';
import type { ServerFrame } from './api/frames.ts';
import { type Change, ChangeOrder, isChange } from './order.ts';

/** The change among the frames that chat can make. */
const changesOf = (rows: readonly Stored[], since: number): Change[] => catchUpFrames(rows, since).filter(isChange);

const RESYNC_LIMIT = 6;
const PAGE = 3;
const EVER = Number.MAX_SAFE_INTEGER;

/** A room seen by one client: over connections that are lost, and a history in pages. */
class Client {
  readonly order: ChangeOrder;
  readonly got: Change[] = [];
  resyncs = 0;
  readonly #room: RoomModel;
  readonly #view: ReturnType<RoomModel['viewAt']>;
  /** The frames that the current connection will bring; undefined without a connection. */
  #coming: ServerFrame[] | undefined;
  #toldUpTo = 0;

  constructor(room: RoomModel) {
    this.#room = room;
    this.order = new ChangeOrder(room.lastSeq);
    this.#view = room.viewAt(room.lastSeq);
  }

  /** The frames that the server sends, by docs/protocol.md. */
  connect(): void {
    const { lastSeq } = this.#room;
    const { since } = this.order;
    this.#coming = [];
    this.#toldUpTo = since;
    if (lastSeq - since > RESYNC_LIMIT) {
      this.#coming.push({ type: 'resync', room_id: 'general', seq: lastSeq });
      this.#toldUpTo = lastSeq;
    }
    this.tell();
    this.#coming.push({ type: 'ready', room_id: 'general', seq: lastSeq });
  }

  tell(): void {
    if (!this.#coming) return;
    this.#coming.push(...changesOf(this.#room.changesSince(this.#toldUpTo, EVER), this.#toldUpTo));
    this.#toldUpTo = this.#room.lastSeq;
  }

  receive(): void {
    const frame = this.#coming?.shift();
    if (frame?.type === 'resync') {
      this.resyncs += 1;
      // An app reloads its messages after a resync: changes of them may have been skipped.
      for (const [id, show] of this.#room.viewAt(this.#room.lastSeq)) if (this.#view.has(id)) this.#view.set(id, show);
      this.order.resync(frame);
    } else if (frame?.type === 'ready') this.order.caughtUp(frame.seq);
    else if (frame && isChange(frame)) this.#get(this.order.take(frame));
  }

  readPage(): void {
    const after = this.order.missingAfter;
    if (after === undefined) return;
    const isInHistory = ({ position, deleted_at }: Stored) => position > after && deleted_at === null;
    const all = this.#room.changesSince(0, EVER).filter(isInHistory);
    const page = all.toSorted((a, b) => a.position - b.position).slice(0, PAGE);
    for (const change of this.order.fill(page, page.length < PAGE)) this.#get(change);
  }

  lose(): void {
    this.#coming = undefined;
    this.order.interrupt();
  }

  catchUp(): void {
    if (!this.#coming) this.connect();
    while (this.#coming?.length) this.receive();
    while (this.order.missingAfter !== undefined) this.readPage();
  }

  expectWhole(start: number): void {
    const ids = this.got.flatMap(({ type, id }) => (type === 'message' ? [id] : []));
    expect(new Set(ids).size).toBe(ids.length);
    expect(this.order.since).toBe(this.#room.lastSeq);
    const alive = this.#room
      .changesSince(0, EVER)
      .filter(({ deleted_at, position }) => !deleted_at && position > start);
    for (const { id } of alive) expect(ids).toContain(id);
    const shown = (view: ReturnType<RoomModel['viewAt']>) =>
      new Map([...view].flatMap(([id, { content }]) => (content === undefined ? [] : [[id, content] as const])));
    expect(shown(this.#view)).toEqual(shown(this.#room.viewAt(this.#room.lastSeq)));
  }

  #get(change: Change | undefined): void {
    if (!change) return;
    // Never the state that the app has, nor an older one.
    expect(change.seq).toBeGreaterThan(this.got.findLast(({ id }) => id === change.id)?.seq ?? 0);
    expect(this.order.since).toBeGreaterThanOrEqual(Math.min(change.seq, change.position));
    this.got.push(change);
    see(this.#view, change);
  }
}

type Step = Operation | { readonly kind: 'connect' | 'receive' | 'page' | 'lose' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constantFrom('append', 'append', 'edit', 'delete'), target: fc.nat(20) }),
  },
  { weight: 5, arbitrary: fc.constant({ kind: 'receive' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'page' as const }) },
  { weight: 1, arbitrary: fc.constantFrom({ kind: 'connect' as const }, { kind: 'lose' as const }) },
);

test('every change is delivered once and in order, over lost connections, also during a resync', () => {
  let resyncs = 0;
  fc.assert(
    fc.property(fc.nat(8), fc.array(step, { minLength: 30, maxLength: 150, size: 'max' }), (before, steps) => {
      const room = createRoomModel();
      for (let count = 0; count < before; count += 1) room.commit({ kind: 'append', target: 0 });
      const client = new Client(room);
      for (const each of steps) {
        if ('target' in each) {
          room.commit(each);
          client.tell();
        } else if (each.kind === 'connect') {
          client.lose();
          client.connect();
        } else if (each.kind === 'receive') client.receive();
        else if (each.kind === 'page') client.readPage();
        else client.lose();
      }
      client.catchUp();
      client.expectWhole(before);
      resyncs += client.resyncs;
    }),
    { numRuns: 1_000 },
  );
  expect(resyncs).toBeGreaterThan(1_000);
});

test('the cursor goes back with a log that was restored from a backup', () => {
  const room = createRoomModel();
  const order = new ChangeOrder(40);
  order.resync({ type: 'resync', room_id: 'general', seq: 0 });
  expect([order.since, order.missingAfter]).toEqual([0, undefined]);
  room.commit({ kind: 'append', target: 0 });
  const [frame] = changesOf(room.changesSince(0, 1), 0);
  if (!frame) throw new Error('The model has no message');
  expect(order.take(frame)?.seq).toBe(1);
});

test('the changes that are held back while the history is read are bounded', () => {
  const room = createRoomModel();
  room.commit({ kind: 'append', target: 0 });
  const [frame] = changesOf(room.changesSince(0, 1), 0);
  if (!frame) throw new Error('The model has no message');
  const order = new ChangeOrder(0);
  order.resync({ type: 'resync', room_id: 'general', seq: 1 });
  for (let count = 0; count < 5_000; count += 1) order.take(frame);
  expect(order.isOverfull).toBe(false);
  order.take(frame);
  expect(order.isOverfull).toBe(true);
});
