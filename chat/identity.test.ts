/** Identity: whose token allows what, with and without `AUTH_SECRET`. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { listMessages } from '@parley/client/api/chat';
import { SESSION_COOKIE } from '@parley/kit/identity/cookies';
import { createIdentity } from '@parley/kit/identity/identity';
import { Message } from './messages/rules.ts';
import { connect } from './testing/client.ts';
import { callTo, checked, request } from './testing/http.ts';
import { startTestChat, type TestChat } from './testing/server.ts';

const SECRET = 'a secret of more than 32 characters';
const identity = createIdentity(SECRET);
const bearer = async (userId: string) => ({ authorization: `Bearer ${await identity.sign(userId, 60)}` });
const cookie = async (userId: string) => ({
  cookie: `${SESSION_COOKIE}=${await identity.sign(userId, 60)}`,
  'sec-fetch-site': 'same-origin',
});

describe('with a secret', () => {
  let chat: TestChat;
  let message: Message;
  const send = (headers: Record<string, string>, user_id = 'ann') =>
    request(chat, 'POST', '/rooms/general/messages', { user_id, content: 'x' }, headers);
  beforeAll(async () => {
    chat = await startTestChat({ AUTH_SECRET: SECRET });
    message = (await checked(Message, send(await bearer('ann')))).body;
  });
  afterAll(() => chat.stop());

  const path = () => `/rooms/general/messages/${message.id}`;
  const acts: [string, (headers: Record<string, string>) => Promise<{ status: number }>][] = [
    ['sending', (headers) => send(headers)],
    ['editing', (headers) => request(chat, 'PATCH', path(), { user_id: 'ann', content: crypto.randomUUID() }, headers)],
    [
      'marking as read',
      (headers) => request(chat, 'PUT', '/rooms/general/read', { user_id: 'ann', position: 1 }, headers),
    ],
    [
      'becoming known to a room',
      (headers) => request(chat, 'PUT', '/rooms/general/members/ann', { username: 'Ann' }, headers),
    ],
    ['asking what is unread', (headers) => request(chat, 'GET', '/unread?user_id=ann', undefined, headers)],
    ['deleting', (headers) => request(chat, 'DELETE', `${path()}?user_id=ann`, undefined, headers)],
  ];
  test.each(acts)('%s needs a token of that person, in a header or a cookie, or of a service', async (_, act) => {
    expect((await act({})).status).toBe(401);
    expect((await act({ authorization: 'Bearer nonsense' })).status).toBe(401);
    expect((await act(await createIdentity(`${SECRET} of others`).serviceHeaders('web'))).status).toBe(401);
    expect((await act(await bearer('bob'))).status).toBe(403);
    expect((await act(await bearer('ann'))).status).toBeOneOf([200, 201]);
    expect((await act(await cookie('ann'))).status).toBeOneOf([200, 201]);
    expect((await act(await identity.serviceHeaders('web'))).status).toBeOneOf([200, 201]);
  });

  const reads = ['/rooms', '/rooms/general', '/rooms/general/messages', '/rooms/general/members'];
  test.each(reads)('GET %s is for anyone who is signed in', async (read) => {
    expect((await request(chat, 'GET', read)).status).toBe(401);
    expect((await request(chat, 'GET', read, undefined, await bearer('anyone'))).status).toBe(200);
  });

  test('a person creates rooms up to the quota, and others are not limited by it', async () => {
    const create = async (userId: string) =>
      request(chat, 'POST', '/rooms', { id: crypto.randomUUID(), name: 'x' }, await bearer(userId));
    const answers = [];
    for (let count = 0; count < 25; count += 1) answers.push(await create('eager'));
    expect(answers.map(({ status }) => status)).toEqual([...Array(20).fill(201), ...Array(5).fill(429)]);
    expect(answers.at(-1)?.body).toMatchObject({ code: 'rate_limited', retry_after_ms: expect.any(Number) });
    expect((await create('patient')).status).toBe(201);
  });

  test('creating a room and reading one message are for anyone who is signed in, too', async () => {
    const room = { id: crypto.randomUUID(), name: 'x' };
    expect((await request(chat, 'POST', '/rooms', room)).status).toBe(401);
    expect((await request(chat, 'POST', '/rooms', room, await bearer('anyone'))).status).toBe(201);
    expect((await request(chat, 'GET', path())).status).toBe(401);
    expect((await request(chat, 'GET', path(), undefined, await bearer('anyone'))).status).toBe(200);
  });

  test('a socket without a valid token of its user is closed with 4001, and takes nothing', async () => {
    const expired = await identity.sign('ann', -10);
    const attempts = [{}, { token: 'nonsense' }, { token: await identity.sign('bob', 60) }, { token: expired }];
    for (const attempt of attempts) {
      const client = await connect(chat, { user: 'ann', ...attempt });
      client.send({ content: 'not mine to say' });
      expect((await client.closed).code).toBe(4_001);
      expect(client.frames).toEqual([]);
    }
    const call = callTo({ chat: chat.url }, await bearer('ann'));
    const messages = await call(listMessages, { room_id: 'general' });
    expect(messages.map(({ content }) => content)).not.toContain('not mine to say');
  });

  test('a socket with a valid token, in a header or a cookie, joins', async () => {
    for (const proof of [{ token: await identity.sign('ann', 60) }, { headers: await cookie('ann') }]) {
      const client = await connect(chat, { user: 'ann', ...proof });
      await client.joined();
      await client.close();
    }
  });

  test('an unknown room is not told to strangers', async () => {
    const client = await connect(chat, { room: 'nowhere', user: 'ann' });
    expect((await client.closed).code).toBe(4_001);
    expect((await request(chat, 'GET', '/rooms/nowhere')).status).toBe(401);
  });

  test('health and documentation need no token', async () => {
    for (const open of ['/health', '/ready', '/docs', '/openapi.json', '/asyncapi.json'])
      expect((await fetch(chat.url + open)).status).toBe(200);
  });
});

test('without a secret anyone may act as anyone', async () => {
  const chat = await startTestChat();
  expect((await request(chat, 'POST', '/rooms/general/messages', { user_id: 'ann', content: 'x' })).status).toBe(201);
  const client = await connect(chat, { user: 'ann', token: 'nonsense' });
  await client.joined();
  await client.close();
  await chat.stop();
});
