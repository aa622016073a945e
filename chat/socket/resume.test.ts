/** Resuming by `since`, retries by `client_id`, acks, and edits and deletes of the user's own messages. */
import { describe, expect, test } from 'bun:test';
import { listMessages } from '@parley/client/api/chat';
import { eventually } from '@parley/testing/time/eventually';
import type { Message } from '../messages/rules.ts';
import { describeReplicas } from '../testing/backends.ts';
import { connect, type Frame } from '../testing/client.ts';
import { callTo, newRoom, request, say } from '../testing/http.ts';

/** More changes than any test has in flight, so that only tests that intend it fall behind. */
const RESYNC_LIMIT = 60;
const NOBODYS_ID = '019c1346-2200-4000-8000-5f1d3c2b1a00';

const isType = (type: string) => (frame: Frame) => frame.type === type;
const hasContent = (content: string) => (frame: Frame) => frame.content === content;

describeReplicas('resuming', { RESYNC_LIMIT: String(RESYNC_LIMIT) }, (replicas) => {
  const shown = (frames: readonly Frame[]) =>
    frames.filter(({ type }) => type !== 'user_joined').map(({ type, seq, content }) => [type, seq, content]);

  describe('with since', () => {
    test('brings what was missed, then ready, then what is live', async () => {
      const room = await newRoom(replicas().here, 3);
      const client = await connect(replicas().there, { room, since: 1 });
      await client.waitFor(isType('ready'));
      await say(replicas().here, room, 'live');
      await client.waitFor(hasContent('live'));
      expect(shown(client.frames)).toEqual([
        ['message', 2, 'message 2'],
        ['message', 3, 'message 3'],
        ['ready', 3, undefined],
        ['message', 4, 'live'],
      ]);
      expect(client.frames.find(isType('ready'))).toEqual({ type: 'ready', room_id: room, seq: 3 });
      await client.close();
    });

    test('from the end brings nothing but ready; from 0 everything', async () => {
      const room = await newRoom(replicas().here, 2);
      for (const [since, count] of [
        [2, 0],
        [0, 2],
      ] as const) {
        const client = await connect(replicas().there, { room, since });
        await client.waitFor(isType('ready'));
        expect(client.frames.filter(isType('message')).length).toBe(count);
        await client.close();
      }
    });

    test('brings each changed message once, in its current state', async () => {
      const room = await newRoom(replicas().here);
      const [a, b, c] = [
        await say(replicas().here, room, 'a'),
        await say(replicas().here, room, 'b'),
        await say(replicas().here, room, 'c'),
      ];
      const edit = (message: Message, content: string) =>
        request(replicas().here, 'PATCH', `/rooms/${room}/messages/${message.id}`, { user_id: 'alice', content });
      await edit(a, 'a, edited');
      await edit(c, 'c, edited');
      await edit(a, 'a, edited twice');
      await request(replicas().here, 'DELETE', `/rooms/${room}/messages/${b.id}?user_id=alice`);
      const client = await connect(replicas().there, { room, since: 2 });
      await client.waitFor(isType('ready'));
      expect(shown(client.frames)).toEqual([
        ['message', 5, 'c, edited'],
        ['message_edited', 6, 'a, edited twice'],
        ['message_deleted', 7, undefined],
        ['ready', 7, undefined],
      ]);
      await client.close();
    });

    test('while others write brings each number once and in order', async () => {
      const room = await newRoom(replicas().here);
      const writer = await connect(replicas().here, { room });
      const clients = [];
      for (let count = 1; count <= 60; count += 1) {
        writer.send({ content: `${count}` });
        if (count % 5 === 0) {
          const since = writer.frames.findLast(isType('message'))?.seq ?? 0;
          // No client has a seq that the room has not reached.
          if (since > 0) await writer.waitFor(({ seq, type }) => type === 'message' && seq === since);
          clients.push({ since, client: await connect(replicas().there, { room, since, user: 'bob' }) });
        }
      }
      for (const { since, client } of clients) {
        await client.waitFor(({ seq, type }) => type === 'message' && seq === 60);
        const seqs = client.frames.filter(isType('message')).map(({ seq }) => seq);
        expect(seqs).toEqual(Array.from({ length: 60 - since }, (_, index) => since + 1 + index));
        await client.close();
      }
      await writer.close();
    });

    test('from too far behind brings resync, then live events', async () => {
      const room = await newRoom(replicas().here, RESYNC_LIMIT + 1);
      const [far, near] = [
        await connect(replicas().there, { room, since: 0 }),
        await connect(replicas().here, { room, since: 1 }),
      ];
      for (const client of [far, near]) await client.waitFor(isType('ready'));
      await say(replicas().here, room, 'live');
      for (const client of [far, near]) await client.waitFor(hasContent('live'));
      expect(shown(far.frames)).toEqual([
        ['resync', RESYNC_LIMIT + 1, undefined],
        ['ready', RESYNC_LIMIT + 1, undefined],
        ['message', RESYNC_LIMIT + 2, 'live'],
      ]);
      expect(near.frames.filter(isType('message')).length).toBe(RESYNC_LIMIT + 1);
      for (const client of [far, near]) await client.close();
    });

    test('from beyond the end, as after a restored backup, brings resync', async () => {
      const room = await newRoom(replicas().here, 1);
      const client = await connect(replicas().there, { room, since: 1_000_000 });
      await client.waitFor(isType('ready'));
      expect(shown(client.frames)).toEqual([
        ['resync', 1, undefined],
        ['ready', 1, undefined],
      ]);
      await client.close();
    });

    test('frames that were sent before the socket was ready are taken, in order', async () => {
      const room = await newRoom(replicas().here, 3);
      const client = await connect(replicas().there, { room, since: 0 });
      for (let count = 0; count < 150; count += 1) client.send({ content: `early ${count}` });
      await client.waitFor(hasContent('early 149'));
      const contents = client.frames.filter(isType('message')).map(({ content }) => content);
      expect(contents.slice(3)).toEqual(Array.from({ length: 150 }, (_, count) => `early ${count}`));
      await client.close();
    });
  });

  describe('a client_id', () => {
    test('is acknowledged to its sender alone, after the message is stored', async () => {
      const room = await newRoom(replicas().here);
      const [sender, other] = [
        await connect(replicas().here, { room }),
        await connect(replicas().here, { room, user: 'bob' }),
      ];
      await other.joined();
      const client_id = crypto.randomUUID();
      sender.send({ content: 'a', client_id });
      const ack = await sender.waitFor(isType('ack'));
      const body = await callTo({ chat: replicas().there.url })(listMessages, { room_id: room });
      expect(body.map(({ id }) => id)).toEqual([ack.id ?? '']);
      expect<unknown>(ack).toEqual({ type: 'ack', client_id, id: body[0]?.id, seq: 1, timestamp: body[0]?.created_at });
      sender.send({ content: 'without' });
      await other.waitFor(hasContent('without'));
      expect([sender, other].map(({ frames }) => frames.filter(isType('ack')).length)).toEqual([1, 0]);
      expect(JSON.stringify(other.frames)).not.toContain(client_id);
      for (const client of [sender, other]) await client.close();
    });

    test('again, from another replica and at the same time, is the same message: one ack each, one event', async () => {
      const room = await newRoom(replicas().here);
      const client_id = crypto.randomUUID();
      const clients = [await connect(replicas().here, { room }), await connect(replicas().there, { room })];
      for (const client of clients) await client.joined();
      for (const client of [...clients, ...clients]) client.send({ content: 'once', client_id });
      for (const client of clients) client.send({ content: 'last' });
      for (const client of clients) await client.waitFor(({ seq, type }) => type === 'message' && seq === 3);
      // The event comes from the log and the ack from the replica: either may be first.
      const acksOf = () => clients.flatMap(({ frames }) => frames.filter(isType('ack')));
      await eventually(() => expect(acksOf().length).toBe(4));
      const acks = acksOf();
      expect(new Set(acks.map(({ id, seq }) => `${id} ${seq}`)).size).toBe(1);
      for (const { frames } of clients) expect(frames.filter(hasContent('once')).length).toBe(1);
      for (const client of clients) await client.close();
    });

    test("of another user's message is refused, and named", async () => {
      const room = await newRoom(replicas().here);
      const client_id = crypto.randomUUID();
      await say(replicas().here, room, 'a secret', { client_id });
      const client = await connect(replicas().there, { room, user: 'bob' });
      client.send({ content: 'x', client_id });
      const error = await client.waitFor(isType('error'));
      expect(error).toEqual({ type: 'error', code: 'client_id_taken', detail: expect.any(String), client_id });
      await client.close();
    });
  });

  describe('one’s own message', () => {
    test('can be edited and deleted by frames, which everyone sees', async () => {
      const room = await newRoom(replicas().here);
      const [mine, theirs] = [
        await connect(replicas().here, { room }),
        await connect(replicas().there, { room, user: 'bob' }),
      ];
      await theirs.joined();
      mine.send({ content: 'before' });
      const { id, timestamp } = await mine.waitFor(isType('message'));
      mine.send({ type: 'edit', id, content: ' after ' });
      const edited = await theirs.waitFor(isType('message_edited'));
      expect(edited).toMatchObject({ id, content: 'after', position: 1, seq: 2, timestamp });
      expect(edited.edited_at).toMatch(/Z$/);
      mine.send({ type: 'delete', id });
      expect<unknown>(await theirs.waitFor(isType('message_deleted'))).toEqual({
        ...{ type: 'message_deleted', id, room_id: room, user_id: 'alice', timestamp, position: 1, seq: 3 },
        ...{ deleted_at: expect.stringMatching(/Z$/) },
      });
      for (const client of [mine, theirs]) await client.close();
    });

    test("another's, one that is not there and one of another room are refused alike", async () => {
      const [room, other] = [await newRoom(replicas().here), await newRoom(replicas().here)];
      const [{ id }, { id: elsewhere }] = [
        await say(replicas().here, room, 'mine'),
        await say(replicas().here, other, 'mine'),
      ];
      const client = await connect(replicas().there, { room, user: 'bob' });
      for (const frame of [
        { type: 'edit', id, content: 'x' },
        { type: 'delete', id },
        { type: 'edit', id: NOBODYS_ID, content: 'x' },
        { type: 'delete', id: NOBODYS_ID },
        { type: 'delete', id: elsewhere },
      ])
        client.send(frame);
      await client.waitFor(({ id: named }) => named === elsewhere);
      const errors = client.frames.filter(isType('error'));
      expect(errors.map(({ code }) => code)).toEqual(Array.from({ length: 5 }, () => 'unknown_message'));
      expect(errors.map(({ id: named }) => named)).toEqual([id, id, NOBODYS_ID, NOBODYS_ID, elsewhere]);
      expect(new Set(errors.map(({ detail }) => detail)).size).toBe(1);
      await client.close();
    });

    test('the same edit again is no event', async () => {
      const room = await newRoom(replicas().here);
      const { id } = await say(replicas().here, room, 'a');
      const client = await connect(replicas().there, { room });
      for (const content of ['b', 'b']) client.send({ type: 'edit', id, content });
      client.send({ content: 'last' });
      expect(await client.waitFor(hasContent('last'))).toMatchObject({ seq: 3 });
      await client.close();
    });
  });
});
