import { describe, expect, test } from 'bun:test';
import { ErrorAnswer } from '@parley/kit/text/text';
import { t } from 'elysia';
import { describeReplicas } from '../testing/backends.ts';
import { connect } from '../testing/client.ts';
import { checked, newRoom, request, say } from '../testing/http.ts';
import { Message } from './rules.ts';

const NOBODYS_ID = '019c1346-2200-4000-8000-5f1d3c2b1a00';

describeReplicas('messages over HTTP', {}, (replicas) => {
  const get = (path: string) => request(replicas().there, 'GET', path);
  const list = (path: string) => checked(t.Array(Message), get(path));
  const positionsOf = async (path: string) => (await list(path)).body.map(({ position }) => position);
  const from = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => first + index);

  describe('history', () => {
    test('is the newest messages, oldest first, with the fields of the contract', async () => {
      const id = await newRoom(replicas().here, 2);
      const { status, body } = await list(`/rooms/${id}/messages?limit=1`);
      expect(status).toBe(200);
      expect(body).toEqual([
        {
          ...{ id: expect.stringMatching(/^[0-9a-f-]{36}$/), room_id: id, user_id: 'alice', username: 'Alice' },
          ...{ content: 'message 2', message_type: 'text', file_url: null, position: 2, seq: 2 },
          ...{ created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) },
          ...{ mentions: [], edited_at: null, deleted_at: null },
        },
      ]);
      expect(Math.abs(Date.now() - Date.parse(body[0]?.created_at ?? ''))).toBeLessThan(60_000);
    });

    test('has 50 messages by default, 200 at most, and pages by position', async () => {
      const id = await newRoom(replicas().here);
      const client = await connect(replicas().here, { room: id });
      for (let count = 1; count <= 205; count += 1) client.send({ content: `${count}` });
      await client.waitFor(({ seq }) => seq === 205);
      await client.close();
      const messages = `/rooms/${id}/messages`;
      expect(await positionsOf(messages)).toEqual(from(156, 205));
      expect(await positionsOf(`${messages}?limit=200`)).toEqual(from(6, 205));
      expect(await positionsOf(`${messages}?limit=3&before=156`)).toEqual(from(153, 155));
      expect(await positionsOf(`${messages}?limit=3&after=100`)).toEqual(from(101, 103));
      expect(await positionsOf(`${messages}?before=1`)).toEqual([]);
      expect(await positionsOf(`${messages}?after=205`)).toEqual([]);
    });

    test.each([
      'limit=0',
      'limit=201',
      'limit=x',
      'limit=1.5',
      'before=-1',
      'after=x',
      'before=5&after=1',
      'before=1e30',
    ])('with %s is 422', async (query) => {
      expect((await get(`/rooms/general/messages?${query}`)).status).toBe(422);
    });
  });

  describe('sending', () => {
    test('answers 201 with the message, which everyone in the room sees', async () => {
      const id = await newRoom(replicas().here);
      const client = await connect(replicas().there, { room: id });
      await client.joined();
      const file = { content: ' cat.png ', message_type: 'file', file_url: '/api/files/1/download' };
      const sent = { user_id: 'боб 🦊', username: 'Боб', ...file };
      const sending = request(replicas().here, 'POST', `/rooms/${id}/messages`, sent);
      const { status, body } = await checked(Message, sending);
      expect(status).toBe(201);
      expect(body).toMatchObject({ ...sent, content: 'cat.png', position: 1, seq: 1 });
      const { created_at: timestamp, deleted_at: _, ...fields } = body;
      expect(await client.waitFor(({ type }) => type === 'message')).toEqual({ type: 'message', ...fields, timestamp });
      expect((await get(`/rooms/${id}/messages/${body.id}`)).body).toEqual(body);
      await client.close();
    });

    test('without a username is anonymous', async () => {
      const id = await newRoom(replicas().here);
      expect(await say(replicas().here, id, 'hi', { username: undefined })).toMatchObject({ username: 'anonymous' });
    });

    test('again with the same client_id, from another replica, is the same message: 200 and no second event', async () => {
      const id = await newRoom(replicas().here);
      const client = await connect(replicas().here, { room: id });
      await client.joined();
      const body = { user_id: 'alice', content: 'once', client_id: crypto.randomUUID() };
      const first = await request(replicas().here, 'POST', `/rooms/${id}/messages`, body);
      expect(first.status).toBe(201);
      const again = { ...body, content: 'changed' };
      expect(await request(replicas().there, 'POST', `/rooms/${id}/messages`, again)).toEqual({
        status: 200,
        body: first.body,
      });
      await say(replicas().there, id, 'last');
      await client.waitFor(({ content }) => content === 'last');
      expect(client.frames.filter(({ type }) => type === 'message').map(({ seq }) => seq)).toEqual([1, 2]);
      await client.close();
    });

    test("with another user's client_id is 409 and shows nothing of that message", async () => {
      const id = await newRoom(replicas().here);
      const client_id = crypto.randomUUID();
      await say(replicas().here, id, 'a secret', { client_id });
      const body = { user_id: 'bob', content: 'x', client_id };
      const answer = await request(replicas().there, 'POST', `/rooms/${id}/messages`, body);
      expect(answer).toMatchObject({ status: 409, body: { code: 'client_id_taken' } });
      expect(JSON.stringify(answer)).not.toContain('secret');
    });

    test('with a client_id that another room has is a message of this room', async () => {
      const [one, other] = [await newRoom(replicas().here), await newRoom(replicas().here)];
      const body = { user_id: 'alice', content: 'x', client_id: crypto.randomUUID() };
      const send = (room: string) => request(replicas().there, 'POST', `/rooms/${room}/messages`, body);
      expect((await send(one)).status).toBe(201);
      expect(await send(other)).toMatchObject({ status: 201, body: { room_id: other } });
      expect((await send(other)).status).toBe(200);
    });

    test('to an unknown room is 404', async () => {
      const answer = await request(replicas().here, 'POST', '/rooms/nowhere/messages', { user_id: 'a', content: 'x' });
      expect(answer).toMatchObject({ status: 404, body: { code: 'unknown_room' } });
    });

    const invalid: [string, Record<string, unknown>][] = [
      ['content', { content: undefined }],
      ['content', { content: ' \n' }],
      ['content', { content: 5 }],
      ['content', { content: 'a\0b' }],
      ['content', { content: '\ud83e' }],
      ['content', { content: 'x'.repeat(8_001) }],
      ['user_id', { user_id: undefined }],
      ['user_id', { user_id: '' }],
      ['user_id', { user_id: 'x'.repeat(101) }],
      ['user_id', { user_id: 'a\nb' }],
      ['username', { username: ' ' }],
      ['message_type', { message_type: 'shout' }],
      ['file_url', { file_url: 'x'.repeat(2_001) }],
      ['client_id', { client_id: 'mine' }],
    ];
    test.each(invalid)('with a wrong %s is 422 and says so: %j', async (field, wrong) => {
      const body = { user_id: 'alice', content: 'x', ...wrong };
      const answering = request(replicas().here, 'POST', '/rooms/general/messages', body);
      const answer = await checked(ErrorAnswer, answering);
      expect(answer.status).toBe(422);
      expect(answer.body.detail).toContain(field);
    });

    test('something that is no JSON is 400', async () => {
      expect(await request(replicas().here, 'POST', '/rooms/general/messages', '{')).toMatchObject({
        status: 400,
        body: { code: 'invalid_json' },
      });
    });

    test('a body above the limit is 413', async () => {
      const body = { user_id: 'alice', content: 'x'.repeat(300_000) };
      const { url } = replicas().here;
      const answer = await fetch(`${url}/rooms/general/messages`, { method: 'POST', body: JSON.stringify(body) });
      expect(answer.status).toBe(413);
    });
  });

  describe('changing one’s own', () => {
    const change = (method: 'PATCH' | 'DELETE', room: string, id: string, user: string, content?: string) =>
      method === 'PATCH'
        ? request(replicas().there, method, `/rooms/${room}/messages/${id}`, { user_id: user, content })
        : request(replicas().there, method, `/rooms/${room}/messages/${id}?user_id=${user}`);

    test('an edit is seen by everyone, at the same position', async () => {
      const room = await newRoom(replicas().here);
      const { id } = await say(replicas().here, room, 'before');
      const client = await connect(replicas().here, { room });
      await client.joined();
      const { status, body } = await checked(Message, change('PATCH', room, id, 'alice', ' after '));
      expect(status).toBe(200);
      expect(body).toMatchObject({ id, content: 'after', position: 1, seq: 2, edited_at: expect.stringMatching(/Z$/) });
      const { created_at: timestamp, deleted_at: _, ...fields } = body;
      const event = await client.waitFor(({ type }) => type === 'message_edited');
      expect(event).toEqual({ type: 'message_edited', ...fields, timestamp });
      expect((await get(`/rooms/${room}/messages`)).body).toEqual([body]);
      await client.close();
    });

    test('a delete keeps the position and nothing of the content', async () => {
      const room = await newRoom(replicas().here);
      const { id } = await say(replicas().here, room, 'a secret');
      const client = await connect(replicas().here, { room });
      await client.joined();
      for (const _ of ['first', 'again']) {
        expect(await change('DELETE', room, id, 'alice')).toEqual({
          status: 200,
          body: { status: 'deleted', id },
        });
      }
      const event = await client.waitFor(({ type }) => type === 'message_deleted');
      expect(event).toMatchObject({ id, room_id: room, user_id: 'alice', position: 1, seq: 2 });
      const { body } = await get(`/rooms/${room}/messages`);
      expect(body).toMatchObject([{ id, content: '', deleted_at: event.deleted_at }]);
      expect(JSON.stringify([body, event])).not.toContain('secret');
      expect((await change('PATCH', room, id, 'alice', 'back')).status).toBe(404);
      await client.close();
    });

    test("another's message, an unknown one and one of another room are 404 alike", async () => {
      const [room, other] = [await newRoom(replicas().here), await newRoom(replicas().here)];
      const { id } = await say(replicas().here, room, 'mine');
      for (const method of ['PATCH', 'DELETE'] as const) {
        const answers = [
          await change(method, room, id, 'bob', 'x'),
          await change(method, other, id, 'alice', 'x'),
          await change(method, room, NOBODYS_ID, 'alice', 'x'),
          await change(method, 'nowhere', id, 'alice', 'x'),
        ];
        for (const answer of answers) expect(answer).toEqual({ ...answer, status: 404 });
        expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
      }
      expect((await get(`/rooms/${room}/messages`)).body).toMatchObject([{ content: 'mine', edited_at: null }]);
    });

    test('an edit can not empty a message, nor make it too long', async () => {
      const room = await newRoom(replicas().here);
      const { id } = await say(replicas().here, room, 'mine');
      for (const content of ['', ' ', 'x'.repeat(8_001), 'a\0']) {
        expect((await change('PATCH', room, id, 'alice', content)).status).toBe(422);
      }
    });

    test.each(['x', '5', '%00', `${NOBODYS_ID}0`])('a malformed id (%s) is 422', async (id) => {
      expect((await get(`/rooms/general/messages/${id}`)).status).toBe(422);
    });

    test('an unknown message is 404', async () => {
      expect(await get(`/rooms/general/messages/${NOBODYS_ID}`)).toMatchObject({
        status: 404,
        body: { code: 'unknown_message' },
      });
    });
  });
});
