import { describe, expect, test } from 'bun:test';
import { Failure } from '@parley/kit/errors/failure';
import { Registry } from 'prom-client';
import { errors } from '../errors.ts';
import { createChatMetrics } from '../metrics.ts';
import { draft } from '../testing/messages.ts';
import { type CommitListener, createMessageLog } from './message-log.ts';
import type { Draft, Message } from './rules.ts';
import type { MessageStore, Written } from './store.ts';

const ROOM = 'general';

/** A call of the store, which waits until the test finishes it. */
interface Commit {
  readonly roomId: string;
  readonly what: 'append' | 'edit' | 'remove';
  readonly contents: readonly string[];
  finish(): void;
  fail(error: Error): void;
}

/** A store whose calls all wait. A `clientId` that the room has already returns its message. */
const createStore = () => {
  const commits: Commit[] = [];
  const known = new Map<string, Message>();
  let lastSeq = 0;

  const write = (roomId: string, { content, userId, username, clientId }: Draft): Written => {
    const old = clientId === null ? undefined : known.get(`${roomId} ${clientId}`);
    if (old) return { message: old, isNew: false };
    lastSeq += 1;
    const message: Message = {
      ...{ id: crypto.randomUUID(), room_id: roomId, user_id: userId, username, content, message_type: 'text' },
      ...{ file_url: null, created_at: new Date(0).toISOString(), position: lastSeq, seq: lastSeq },
      ...{ mentions: [], edited_at: null, deleted_at: null },
    };
    if (clientId !== null) known.set(`${roomId} ${clientId}`, message);
    return { message, isNew: true };
  };

  const wait = <T>(roomId: string, what: Commit['what'], contents: readonly string[], result: () => T): Promise<T> => {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    commits.push({ roomId, what, contents, finish: () => resolve(result()), fail: reject });
    return promise;
  };

  const store: Pick<MessageStore, 'append' | 'edit' | 'remove'> = {
    append: (roomId, drafts) =>
      wait(
        roomId,
        'append',
        drafts.map(({ content }) => content),
        () => (roomId === 'nowhere' ? undefined : drafts.map((one) => write(roomId, one))),
      ),
    edit: (roomId, id, _userId, content) =>
      wait(roomId, 'edit', [content], () => (id === 'gone' ? undefined : write(roomId, draft(content)))),
    remove: (roomId, id) => wait(roomId, 'remove', [id], () => (id === 'gone' ? undefined : write(roomId, draft('')))),
  };
  return { store, commits };
};

const start = ({ queueLimit = 10_000 }: { queueLimit?: number } = {}) => {
  const { store, commits } = createStore();
  const told: { roomId: string; contents: string[] }[] = [];
  const listener: CommitListener = {
    committed: (roomId, written) => told.push({ roomId, contents: written.map(({ message }) => message.content) }),
  };
  const metrics = createChatMetrics(new Registry());
  const messageLog = createMessageLog({ store, metrics, queueLimit, listeners: [listener] });
  /** Finishes commits in their order, until none is left. */
  const finishAll = async () => {
    for (let commit = await nextCommit(); commit; commit = await nextCommit()) commit.finish();
  };
  const nextCommit = async () => {
    await turn();
    return commits.shift();
  };
  return { messageLog, commits, told, finishAll, nextCommit };
};

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

const numbers = (count: number) => Array.from({ length: count }, (_, index) => String(index));

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'taken',
    (error: unknown) => (error instanceof Failure ? error.code : String(error)),
  );

describe('the log', () => {
  test('writes the changes of one turn as one batch, in order', async () => {
    const { messageLog, finishAll, told } = start();
    const written = numbers(5).map((content) => messageLog.append(ROOM, draft(content)));
    await finishAll();
    const messages = (await Promise.all(written)).map(({ message }) => message);
    expect(messages.map(({ content }) => content)).toEqual(numbers(5));
    expect(messages.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
    expect(told).toEqual([{ roomId: ROOM, contents: numbers(5) }]);
  });

  test('writes changes that arrive during a commit together in the next one', async () => {
    const { messageLog, nextCommit } = start();
    void messageLog.append(ROOM, draft('first'));
    const first = await nextCommit();
    for (const content of numbers(3)) void messageLog.append(ROOM, draft(content));
    expect(await nextCommit()).toBeUndefined();
    first?.finish();
    expect(await nextCommit()).toMatchObject({ contents: numbers(3) });
  });

  test('writes at most 500 in one batch', async () => {
    const { messageLog, nextCommit } = start();
    for (const content of numbers(1_100)) void messageLog.append(ROOM, draft(content));
    const sizes: number[] = [];
    for (let commit = await nextCommit(); commit; commit = await nextCommit()) {
      sizes.push(commit.contents.length);
      commit.finish();
    }
    expect(sizes).toEqual([500, 500, 100]);
  });

  test('keeps the order of edits and deletes among messages', async () => {
    const { messageLog, nextCommit } = start();
    void messageLog.append(ROOM, draft('a'));
    void messageLog.append(ROOM, draft('b'));
    void messageLog.edit(ROOM, 'id', 'alice', 'edited');
    void messageLog.remove(ROOM, 'id', 'alice');
    void messageLog.append(ROOM, draft('c'));
    const order: unknown[] = [];
    for (let commit = await nextCommit(); commit; commit = await nextCommit()) {
      order.push([commit.what, ...commit.contents]);
      commit.finish();
    }
    expect(order).toEqual([
      ['append', 'a', 'b'],
      ['edit', 'edited'],
      ['remove', 'id'],
      ['append', 'c'],
    ]);
  });

  test('lets no room wait for another', async () => {
    const { messageLog, nextCommit } = start();
    void messageLog.append('slow', draft('a'));
    const slow = await nextCommit();
    const quick = messageLog.append('quick', draft('b'));
    (await nextCommit())?.finish();
    expect(await codeOf(quick)).toBe('taken');
    slow?.finish();
  });

  test('calls listeners before it answers the writers', async () => {
    const { messageLog, finishAll, told } = start();
    const seen = messageLog.append(ROOM, draft('a')).then(() => told.length);
    await finishAll();
    expect(await seen).toBe(1);
  });

  test('calls listeners with new changes only, and answers a retry with the stored message', async () => {
    const { messageLog, finishAll, told } = start();
    const clientId = crypto.randomUUID();
    const sends = [draft('a', { clientId }), draft('a again', { clientId }), draft('b')].map((one) =>
      messageLog.append(ROOM, one),
    );
    await finishAll();
    const [first, again] = await Promise.all(sends);
    expect(again).toEqual({ message: first?.message as Message, isNew: false });
    expect(told).toEqual([{ roomId: ROOM, contents: ['a', 'b'] }]);
  });

  test("refuses another user's client_id of the room, and takes one of another room", async () => {
    const { messageLog, finishAll } = start();
    const clientId = crypto.randomUUID();
    const mine = codeOf(messageLog.append(ROOM, draft('a secret', { clientId })));
    const others = codeOf(messageLog.append(ROOM, draft('b', { clientId, userId: 'bob' })));
    await finishAll();
    const elsewhere = codeOf(messageLog.append('random', draft('c', { clientId })));
    await finishAll();
    expect(await Promise.all([mine, others, elsewhere])).toEqual(['taken', 'client_id_taken', 'taken']);
  });

  test('refuses an unknown room and an unknown message', async () => {
    const { messageLog, finishAll, told } = start();
    const answers = [
      messageLog.append('nowhere', draft('a')),
      messageLog.edit(ROOM, 'gone', 'alice', 'x'),
      messageLog.remove(ROOM, 'gone', 'alice'),
    ].map(codeOf);
    await finishAll();
    expect(await Promise.all(answers)).toEqual(['unknown_room', 'unknown_message', 'unknown_message']);
    expect(told.flatMap(({ contents }) => contents)).toEqual([]);
  });

  test('a commit that fails refuses its own batch and no other', async () => {
    const { messageLog, nextCommit, finishAll, told } = start();
    const first = codeOf(messageLog.append(ROOM, draft('a')));
    const commit = await nextCommit();
    const second = codeOf(messageLog.append(ROOM, draft('b')));
    commit?.fail(new Failure(errors.storage_unavailable));
    await finishAll();
    expect(await Promise.all([first, second])).toEqual(['storage_unavailable', 'taken']);
    expect(told).toEqual([{ roomId: ROOM, contents: ['b'] }]);
    const later = messageLog.append(ROOM, draft('c'));
    await finishAll();
    expect(await codeOf(later)).toBe('taken');
  });

  test('refuses changes beyond the queue limit of a room, and accepts them again when the queue is shorter', async () => {
    const { messageLog, nextCommit, finishAll } = start({ queueLimit: 2 });
    const inFlight = messageLog.append(ROOM, draft('in flight'));
    const commit = await nextCommit();
    const waiting = numbers(3).map((content) => codeOf(messageLog.append(ROOM, draft(content))));
    const elsewhere = codeOf(messageLog.append('random', draft('x')));
    commit?.finish();
    await finishAll();
    expect(await Promise.all([codeOf(inFlight), ...waiting, elsewhere])).toEqual([
      'taken',
      'taken',
      'taken',
      'overloaded',
      'taken',
    ]);
    const later = codeOf(messageLog.append(ROOM, draft('later')));
    await finishAll();
    expect(await later).toBe('taken');
  });

  test('is idle when nothing waits to be written, in any room', async () => {
    const { messageLog, finishAll } = start();
    await messageLog.idle();
    const written: string[] = [];
    for (const room of ['a', 'b']) void messageLog.append(room, draft(room)).then(() => written.push(room));
    const idle = messageLog.idle().then(() => written.length);
    await finishAll();
    expect(await idle).toBe(2);
  });

  test('keeps the order of each room through failures and mixed changes', async () => {
    const { messageLog, nextCommit, told } = start();
    const rooms = ['a', 'b', 'c'];
    const sent = new Map(rooms.map((room): [string, string[]] => [room, []]));
    for (let count = 0; count < 300; count += 1) {
      const room = rooms[count % rooms.length] as string;
      const content = String(count);
      const change =
        count % 7 === 0 ? messageLog.edit(room, 'id', 'alice', content) : messageLog.append(room, draft(content));
      change.then(
        () => sent.get(room)?.push(content),
        () => undefined,
      );
      if (count % 10 === 0) (await nextCommit())?.[count % 30 === 0 ? 'fail' : 'finish'](new Error('away'));
    }
    for (let commit = await nextCommit(); commit; commit = await nextCommit()) commit.finish();
    for (const room of rooms) {
      const order = told.filter(({ roomId }) => roomId === room).flatMap(({ contents }) => contents);
      expect(order).toEqual(sent.get(room) ?? []);
      expect(order).toEqual(order.toSorted((a, b) => Number(a) - Number(b)));
      expect(order.length).toBeGreaterThan(50);
    }
  });
});
