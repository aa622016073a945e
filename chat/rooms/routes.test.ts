import { describe, expect, test } from 'bun:test';
import { ErrorAnswer } from '@parley/kit/text/text';
import { t } from 'elysia';
import { describeReplicas } from '../testing/backends.ts';
import { connect } from '../testing/client.ts';
import { checked, newRoom, request, say } from '../testing/http.ts';
import { Room, Unread } from './rules.ts';

describeReplicas('rooms over HTTP', {}, (replicas) => {
  const get = (path: string) => request(replicas().there, 'GET', path);
  const list = (query = '') => checked(t.Array(Room), get(`/rooms${query}`));

  test('there are three from the first start', async () => {
    const { status, body } = await list();
    expect(status).toBe(200);
    // A client of the seed's system opens the first.
    expect(body.slice(0, 3)).toEqual([
      {
        id: 'general',
        name: '# general',
        description: 'General discussion — everyone welcome',
        last_seq: expect.any(Number),
      },
      { id: 'devops', name: '# devops', description: 'DevOps tools, K8s, Docker, CI/CD', last_seq: expect.any(Number) },
      {
        id: 'random',
        name: '# random',
        description: 'Off-topic, memes, water cooler chat',
        last_seq: expect.any(Number),
      },
    ]);
    for (const id of ['general', 'devops', 'random']) {
      expect((await checked(t.Array(t.Unknown()), get(`/rooms/${id}/messages`))).body.length).toBeGreaterThan(1);
    }
  });

  test('a new room is there at once on every replica, and its id is taken', async () => {
    const id = `a.b_c-${crypto.randomUUID()}`;
    const room = { id, name: '# Räume & <b>', description: 'x' };
    const made = await request(replicas().here, 'POST', '/rooms', room);
    expect(made).toEqual({ status: 201, body: { ...room, last_seq: 0 } });
    expect(await get(`/rooms/${id}`)).toEqual({ status: 200, body: made.body });
    expect((await list()).body).toContainEqual({ ...room, last_seq: 0 });
    expect(await request(replicas().there, 'POST', '/rooms', room)).toMatchObject({
      status: 409,
      body: { code: 'room_exists' },
    });
    const client = await connect(replicas().there, { room: id });
    await client.joined();
    await client.close();
  });

  test('ids differ by more than case', async () => {
    const id = `Room-${crypto.randomUUID().slice(0, 8)}`;
    expect((await request(replicas().here, 'POST', '/rooms', { id, name: 'x' })).status).toBe(201);
    for (const other of [id.toLowerCase(), id.toUpperCase(), 'General'])
      expect(await request(replicas().there, 'POST', '/rooms', { id: other, name: 'x' })).toMatchObject({
        status: 409,
        body: { code: 'room_exists' },
      });
    expect((await get(`/rooms/${id.toLowerCase()}`)).status).toBe(404);
  });

  test.each(['a', '-a-', '..a', `${'.'.repeat(49)}a`, `a${'_'.repeat(49)}`, '0'])('%s is an id', async (id) => {
    expect((await request(replicas().here, 'POST', '/rooms', { id, name: 'x' })).status).toBe(201);
    expect((await get(`/rooms/${id}`)).status).toBe(200);
  });

  test.each(['', '   ', '\n', '\u200b', '\u3164', '\u2800', '\u00ad'])(
    '%j is no name: nothing in it can be seen',
    async (name) => {
      const id = `unseen-${crypto.randomUUID()}`;
      const refused = await checked(ErrorAnswer, request(replicas().here, 'POST', '/rooms', { id, name }));
      expect(refused).toMatchObject({ status: 422, body: { code: 'invalid_input' } });
      expect(refused.body.detail).toContain('body name: wants the name that people see');
      expect((await get(`/rooms/${id}`)).status).toBe(404);
    },
  );

  test('a room knows the number of its last change', async () => {
    const id = await newRoom(replicas().here, 2);
    expect((await get(`/rooms/${id}`)).body).toMatchObject({ last_seq: 2, description: null });
  });

  test('pages follow each other in the order of creation', async () => {
    const first = (await list('?limit=2')).body;
    expect(first.length).toBe(2);
    const next = (await list(`?limit=1&after=${first.at(-1)?.id}`)).body;
    expect(next[0]?.id).toBe((await list()).body[2]?.id);
  });

  test('the people of a room can be found by how their names begin', async () => {
    const id = await newRoom(replicas().here);
    await say(replicas().here, id, 'hi', { user_id: 'u1', username: 'Zoë' });
    const client = await connect(replicas().there, { room: id, user: 'u2', username: 'Zachary' });
    await client.waitFor(({ type }) => type === 'user_joined');
    expect((await get(`/rooms/${id}/members?q=Z`)).body).toEqual([
      { user_id: 'u2', username: 'Zachary' },
      { user_id: 'u1', username: 'Zoë' },
    ]);
    expect((await get(`/rooms/${id}/members?q=zo&limit=1`)).body).toEqual([{ user_id: 'u1', username: 'Zoë' }]);
    await client.close();
  });

  test('a reader without a socket can be made known to a room, and be mentioned', async () => {
    const [id, user] = [await newRoom(replicas().here), crypto.randomUUID()];
    const know = (room: string, username: string) =>
      request(replicas().there, 'PUT', `/rooms/${room}/members/${user}`, { username });
    expect(await know(id, 'Plain')).toEqual({ status: 200, body: { user_id: user, username: 'Plain' } });
    expect((await say(replicas().here, id, '@Plain!')).mentions).toMatchObject([{ user_id: user, at: 0, length: 6 }]);
    await know(id, 'Plainer');
    expect((await get(`/rooms/${id}/members`)).body as unknown).toContainEqual({ user_id: user, username: 'Plainer' });
    expect(await know('nowhere', 'Plain')).toMatchObject({ status: 404, body: { code: 'unknown_room' } });
    expect(await know(id, '')).toMatchObject({ status: 422, body: { code: 'invalid_input' } });
  });

  describe('what is unread', () => {
    const unreadOf = async (user: string) => (await checked(t.Array(Unread), get(`/unread?user_id=${user}`))).body;
    const read = (room: string, user_id: string, position: number) =>
      request(replicas().here, 'PUT', `/rooms/${room}/read`, { user_id, position });

    test('counts from the first reading on', async () => {
      const [id, user] = [await newRoom(replicas().here, 3), crypto.randomUUID()];
      expect(await unreadOf(user)).toEqual([]);
      expect(await read(id, user, 1)).toEqual({ status: 200, body: { status: 'ok', read_position: 1 } });
      expect(await unreadOf(user)).toEqual([{ room_id: id, unread: 2, read_position: 1, last_seq: 3 }]);
      expect((await read(id, user, 0)).body).toEqual({ status: 'ok', read_position: 1 });
      await read(id, user, 3);
      expect(await unreadOf(user)).toEqual([{ room_id: id, unread: 0, read_position: 3, last_seq: 3 }]);
    });

    test('of a room that is not there is 404', async () => {
      expect(await read('nowhere', 'alice', 1)).toMatchObject({ status: 404, body: { code: 'unknown_room' } });
    });
  });

  test.each(['/rooms/nowhere', '/rooms/nowhere/messages'])('%s is 404 and names the room', async (path) => {
    expect(await get(path)).toEqual({
      status: 404,
      body: { code: 'unknown_room', detail: expect.stringContaining('nowhere') },
    });
  });

  const invalid: [string, unknown, string][] = [
    ['no id', { name: 'x' }, 'id'],
    ['an id with a space', { id: 'a b', name: 'x' }, 'id'],
    ['an id with an accent', { id: 'café', name: 'x' }, 'id'],
    ['an id with a line break', { id: 'a\n', name: 'x' }, 'id'],
    ['an empty id', { id: '', name: 'x' }, 'id'],
    ['an id of 51 characters', { id: 'x'.repeat(51), name: 'x' }, 'id'],
    ['the id .', { id: '.', name: 'x' }, 'id'],
    ['the id ..', { id: '..', name: 'x' }, 'id'],
    ['an id of signs', { id: '-._', name: 'x' }, 'id'],
    ['no name', { id: 'x' }, 'name'],
    ['an empty name', { id: 'x', name: '' }, 'name'],
    ['a number as a name', { id: 'x', name: 5 }, 'name'],
    ['a NUL byte in a name', { id: 'x', name: 'a\0' }, 'name'],
    ['half a character in a description', { id: 'x', name: 'x', description: '\ud83e' }, 'description'],
    ['a long description', { id: 'x', name: 'x', description: 'x'.repeat(501) }, 'description'],
  ];
  test.each(invalid)('a room with %s is 422 and says so', async (_, body, field) => {
    const answer = await checked(ErrorAnswer, request(replicas().here, 'POST', '/rooms', body));
    expect(answer.status).toBe(422);
    expect(answer.body.detail).toContain(field);
  });

  test.each(['{', '', 'x'])('a body of %j is 400', async (body) => {
    expect((await request(replicas().here, 'POST', '/rooms', body)).status).toBeOneOf([400, 422]);
  });

  test.each([
    '/rooms?limit=0',
    '/rooms?limit=1001',
    '/rooms?after=%00',
    '/rooms/a%20b',
    '/rooms/general/members?limit=0',
    '/rooms/general/members?q=%00',
    '/unread',
    '/unread?user_id=',
    '/unread?user_id=%00',
  ])('%s is 422', async (path) => {
    expect((await get(path)).status).toBe(422);
  });
});
