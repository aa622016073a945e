/** The socket as clients see it, on two replicas. */
import { describe, expect, test } from 'bun:test';
import { openBus } from '@parley/kit/stores/bus.open';
import { exampleNotification } from '@parley/notification/notifications/rules';
import { eventually } from '@parley/testing/time/eventually';
import { Value } from '@sinclair/typebox/value';
import { serverFrames } from '../frames.ts';
import { describeReplicas, silent } from '../testing/backends.ts';
import { connect, type Frame, type TestClient } from '../testing/client.ts';
import { newRoom, request, say } from '../testing/http.ts';

const isType = (type: string) => (frame: Frame) => frame.type === type;
const hasContent = (content: string) => (frame: Frame) => frame.content === content;

describeReplicas('the socket', {}, (replicas) => {
  /** Two clients in the room, each on its own replica. */
  const connectBoth = async (room: string, one: object = {}, other: object = { user: 'bob', username: 'Bob' }) => {
    const { here, there } = replicas();
    const clients: [TestClient, TestClient] = [
      await connect(here, { room, username: 'Alice', ...one }),
      await connect(there, { room, ...other }),
    ];
    for (const client of clients) await client.joined();
    return clients;
  };
  const closeAll = (clients: readonly TestClient[]) => Promise.all(clients.map((client) => client.close()));

  describe('events', () => {
    test('a message reaches everyone on every replica, the sender too, with the fields of the contract', async () => {
      const room = await newRoom(replicas().here);
      const clients = await connectBoth(room);
      clients[0].send({ type: 'message', content: ' Hello! <b> 🦊 ' });
      const [mine, theirs] = await Promise.all(clients.map((client) => client.waitFor(isType('message'))));
      expect(mine).toEqual({
        ...{ type: 'message', id: expect.stringMatching(/^[0-9a-f-]{36}$/), room_id: room, user_id: 'alice' },
        ...{ username: 'Alice', content: 'Hello! <b> 🦊', message_type: 'text', file_url: null },
        ...{ timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) },
        ...{ position: 1, seq: 1, mentions: [], edited_at: null },
      });
      expect(theirs).toEqual(mine as Frame);
      await closeAll(clients);
    });

    test('a frame without a type is a message, as is one with unknown fields', async () => {
      const room = await newRoom(replicas().here);
      const clients = await connectBoth(room);
      clients[0].send({ content: 'no type', headers: { 'HX-Request': 'true' }, seq: 99, id: 'mine', user_id: 'bob' });
      expect(await clients[1].waitFor(isType('message'))).toMatchObject({
        content: 'no type',
        seq: 1,
        user_id: 'alice',
      });
      await closeAll(clients);
    });

    test('files and system messages keep their type and link', async () => {
      const room = await newRoom(replicas().here);
      const clients = await connectBoth(room);
      const file = { content: 'cat.png', message_type: 'file', file_url: '/api/files/123/download' };
      clients[0].send({ type: 'message', ...file });
      clients[0].send({ type: 'message', content: 'x', message_type: 'system' });
      expect(await clients[1].waitFor(hasContent('cat.png'))).toMatchObject(file);
      expect(await clients[1].waitFor(hasContent('x'))).toMatchObject({ message_type: 'system' });
      await closeAll(clients);
    });

    test('empty content is ignored: no error, no event, no number', async () => {
      const room = await newRoom(replicas().here);
      const clients = await connectBoth(room);
      for (const content of ['', ' \n ']) clients[0].send({ content, client_id: crypto.randomUUID() });
      clients[0].send({ content: 'something' });
      expect(await clients[0].waitFor(hasContent('something'))).toMatchObject({ seq: 1 });
      expect(clients[0].frames.map(({ type }) => type)).not.toContain('error');
      await closeAll(clients);
    });

    test('typing and stop_typing reach everyone, the sender too', async () => {
      const room = await newRoom(replicas().here);
      const clients = await connectBoth(room);
      for (const type of ['typing', 'stop_typing'] as const) clients[0].send({ type });
      for (const client of clients) {
        for (const type of ['typing', 'stop_typing'] as const)
          expect(await client.waitFor(isType(type))).toEqual({
            ...{ type, user_id: 'alice', username: 'Alice', room_id: room },
          });
      }
      await closeAll(clients);
    });

    test('stay in their room', async () => {
      const [room, other] = [await newRoom(replicas().here), await newRoom(replicas().here)];
      const clients = await connectBoth(room);
      const stranger = await connect(replicas().here, { room: other, user: 'carol' });
      await stranger.waitFor(isType('user_joined'));
      clients[1].send({ content: 'private' });
      clients[1].send({ type: 'typing' });
      await clients[0].waitFor(isType('typing'));
      await say(replicas().here, other, 'public');
      await stranger.waitFor(hasContent('public'));
      expect(stranger.frames.map(({ type }) => type)).toEqual(['user_joined', 'message']);
      await closeAll([...clients, stranger]);
    });

    test('of two writers on two replicas reach both in the same order, with every seq once', async () => {
      const room = await newRoom(replicas().here);
      const clients = await connectBoth(room);
      for (let count = 0; count < 50; count += 1) for (const client of clients) client.send({ content: `${count}` });
      const orders = await Promise.all(
        clients.map(async (client) => {
          await client.waitFor(({ seq }) => seq === 100);
          return client.frames
            .filter(isType('message'))
            .map(({ seq, user_id, content }) => ({ seq, user_id, content }));
        }),
      );
      expect(orders[0]).toEqual(orders[1] as (typeof orders)[number]);
      expect(orders[0]?.map(({ seq }) => seq)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
      for (const user of ['alice', 'bob']) {
        const own = orders[0]?.filter(({ user_id }) => user_id === user).map(({ content }) => Number(content)) ?? [];
        expect(own).toEqual(own.toSorted((a, b) => a - b));
      }
      await closeAll(clients);
    });

    test('are what the schemas say', async () => {
      const room = await newRoom(replicas().here);
      const clients = await connectBoth(room, { since: 0 });
      const client_id = crypto.randomUUID();
      clients[0].send({ content: 'a', client_id });
      const { id } = await clients[0].waitFor(isType('ack'));
      for (const frame of [
        { type: 'edit', id, content: 'b' },
        { type: 'delete', id },
        { type: 'typing' },
        { type: '?' },
      ])
        clients[0].send(frame);
      await clients[1].close();
      // From the log, the bus and the other replica: any of them may be the last.
      for (const type of ['user_left', 'message_deleted', 'typing', 'error']) await clients[0].waitFor(isType(type));
      const seen = new Set<string>();
      for (const frame of clients[0].frames) {
        seen.add(frame.type);
        const schema = serverFrames[frame.type as keyof typeof serverFrames];
        expect([...Value.Errors(schema, frame)]).toEqual([]);
      }
      expect([...seen].toSorted()).toEqual(
        [
          'ready',
          'message',
          'message_edited',
          'message_deleted',
          'ack',
          'error',
          'typing',
          'user_joined',
          'user_left',
        ].toSorted(),
      );
      await clients[0].close();
    });
  });

  describe('joining and leaving', () => {
    test('two tabs of one user on two replicas are one join and one leave', async () => {
      const room = await newRoom(replicas().here);
      const watcher = await connect(replicas().here, { room, user: 'watcher' });
      await watcher.waitFor(isType('user_joined'));
      const tabs = await connectBoth(room, { user: 'carol', username: 'Carol' }, { user: 'carol', username: 'Carol' });
      const ofCarol = () => watcher.frames.filter(({ user_id }) => user_id === 'carol').map(({ type }) => type);
      await eventually(() => expect(ofCarol()).toEqual(['user_joined']));
      // Wait for both: a tab that joins after the other one closed would cause a leave and a join.
      await tabs[1].joined();
      await tabs[0].close();
      await say(replicas().there, room, 'still here');
      await watcher.waitFor(hasContent('still here'));
      expect(ofCarol()).toEqual(['user_joined']);
      await tabs[1].close();
      await eventually(() => expect(ofCarol()).toEqual(['user_joined', 'user_left']));
      const left = watcher.frames.find(isType('user_left'));
      expect(left).toEqual({
        ...{ type: 'user_left', user_id: 'carol', username: 'Carol', room_id: room },
        ...{ timestamp: expect.stringMatching(/^\d{4}-.*Z$/) },
      });
      await watcher.close();
    });

    test('a client that joins gets its own join; its name is anonymous by default', async () => {
      const room = await newRoom(replicas().here);
      const client = await connect(replicas().here, { room, user: 'боб/?:🦊' });
      expect(await client.waitFor(isType('user_joined'))).toMatchObject({ user_id: 'боб/?:🦊', username: 'anonymous' });
      await client.close();
    });

    test('a socket that is lost without a close frame leaves, too', async () => {
      const room = await newRoom(replicas().here);
      const clients = await connectBoth(room);
      clients[1].drop();
      expect(await clients[0].waitFor(isType('user_left'))).toMatchObject({ user_id: 'bob' });
      await clients[0].close();
    });

    test('an unknown room is answered by code 4004', async () => {
      const client = await connect(replicas().here, { room: 'nowhere' });
      client.send({ content: 'x' });
      expect(await client.closed).toMatchObject({ code: 4_004 });
      expect(client.frames).toEqual([]);
    });

    test.each([
      '/ws/a%20b/alice',
      '/ws/general/',
      '/ws/general/%00',
      '/ws/general/alice?since=x',
      '/ws/general/alice?username=%00',
    ])('an address that is none (%s) is told by code 4022 and what is wrong with it', async (path) => {
      const client = await connect(replicas().here, { url: `${replicas().here.wsUrl}${path}` });
      const { code, reason } = await client.closed;
      expect(code).toBe(4_022);
      expect(reason).toMatch(/^(room_id|user_id|since|username): /);
    });

    test('a request without an upgrade is 422', async () => {
      expect(await request(replicas().here, 'GET', '/ws/general/alice')).toMatchObject({
        status: 422,
        body: { detail: expect.stringContaining('WebSocket') },
      });
    });
  });

  describe('the bus', () => {
    const listen = async (channel: string) => {
      const bus = openBus(replicas().stores.redisUrl, silent);
      await eventually(() => expect(bus.isConnected).toBe(true));
      const heard: Frame[] = [];
      await bus.subscribe(channel, (text) => heard.push(JSON.parse(text)));
      return { bus, heard };
    };

    test('carries every event of a room as its JSON', async () => {
      const room = await newRoom(replicas().here);
      const { bus, heard } = await listen(`room:${room}`);
      const client = await connect(replicas().here, { room });
      client.send({ content: 'a', client_id: crypto.randomUUID() });
      const { id } = await client.waitFor(isType('ack'));
      for (const frame of [
        { type: 'typing' },
        { type: 'stop_typing' },
        { type: 'edit', id, content: 'b' },
        { type: 'delete', id },
      ])
        client.send(frame);
      const seen = () => client.frames.filter(({ type }) => type !== 'ack');
      // Joins and typing come by the bus, changes of the log directly: any of them may be the last.
      await eventually(() => expect(seen().length).toBe(6));
      await client.close();
      await eventually(() => expect(heard.at(-1)?.type).toBe('user_left'));
      const byType = (a: Frame, b: Frame) => a.type.localeCompare(b.type);
      expect(heard.filter(({ type }) => type !== 'user_left').toSorted(byType)).toEqual(seen().toSorted(byType));
      await bus.close();
    });

    test('brings to the sockets any event that is published there, and drops other texts', async () => {
      const room = await newRoom(replicas().here);
      const clients = await connectBoth(room);
      const { bus } = await listen('elsewhere');
      const notice: unknown = { type: 'system_notice', text: 'Lunch!' };
      for (const text of ['not json', '5', '[]', 'null', JSON.stringify(notice)])
        await bus.publish(`room:${room}`, text);
      for (const client of clients) expect<unknown>(await client.waitFor(isType('system_notice'))).toEqual(notice);
      clients[0].send({ content: 'go on' });
      await Promise.all(clients.map((client) => client.waitFor(hasContent('go on'))));
      await closeAll(clients);
      await bus.close();
    });

    test('brings a user’s own events to all sockets of the user, in any room, and to nobody else', async () => {
      const user = `user ${crypto.randomUUID()}`;
      const [room, other] = [await newRoom(replicas().here), await newRoom(replicas().here)];
      const tabs = await connectBoth(room, { user }, { user });
      tabs.push(await connect(replicas().there, { room: other, user }));
      const stranger = await connect(replicas().here, { room, user: 'stranger' });
      for (const client of [...tabs, stranger]) await client.joined();
      const { bus } = await listen('elsewhere');
      const event: Frame = { type: 'notification', ...exampleNotification };
      await eventually(async () => {
        await bus.publish(`user:${user}`, JSON.stringify(event));
        for (const tab of tabs) expect(tab.frames).toContainEqual(event);
      });
      await say(replicas().here, room, 'last');
      await stranger.waitFor(hasContent('last'));
      expect(stranger.frames.map(({ type }) => type)).not.toContain('notification');
      await closeAll([...tabs, stranger]);
      await bus.close();
    });
  });
});
