/** Callers: a token may be used from anywhere, a cookie only from chat's own page. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { listMessages } from '@parley/client/api/chat';
import { SESSION_COOKIE } from '@parley/kit/identity/cookies';
import { createIdentity } from '@parley/kit/identity/identity';
import { connect } from './testing/client.ts';
import { callTo, request } from './testing/http.ts';
import { startTestChat, type TestChat } from './testing/server.ts';

const SECRET = 'a secret of more than 32 characters';
const identity = createIdentity(SECRET);
const EVIL = 'https://evil.example';

/** The code that a socket is closed with; undefined if it joined its room. */
const closeCodeOf = async (chat: TestChat, headers: Record<string, string>): Promise<number | undefined> => {
  const client = await connect(chat, { user: 'ann', headers });
  const closing = client.closed.then(({ code }) => code);
  const isIn = client.joined().then(
    () => undefined,
    () => closing,
  );
  const code = await Promise.race([closing, isIn]);
  if (code === undefined) await client.close();
  return code;
};

const post = (chat: TestChat, headers: Record<string, string>) =>
  request(chat, 'POST', '/rooms/general/messages', { user_id: 'ann', content: 'from elsewhere' }, headers);

const contents = async (chat: TestChat, headers: Record<string, string> = {}): Promise<string[]> => {
  const messages = await callTo({ chat: chat.url }, headers)(listMessages, { room_id: 'general' });
  return messages.map(({ content }) => content);
};

describe('with proofs', () => {
  let chat: TestChat;
  let cookie = '';
  let bearer: Record<string, string> = {};
  beforeAll(async () => {
    chat = await startTestChat({ AUTH_SECRET: SECRET, CORS_ORIGIN: 'https://app.example' });
    const token = await identity.sign('ann', 60);
    cookie = `${SESSION_COOKIE}=${token}`;
    bearer = { authorization: `Bearer ${token}` };
  });
  afterAll(() => chat.stop());

  test('a page elsewhere can use the cookie neither for a message nor for a socket', async () => {
    for (const from of [
      { origin: EVIL },
      { origin: 'http://localhost:9999', 'sec-fetch-site': 'same-site' },
      { origin: 'null', 'sec-fetch-site': 'cross-site' },
      {},
    ]) {
      expect(await post(chat, { cookie, ...from })).toMatchObject({ status: 403, body: { code: 'foreign_origin' } });
      expect(await closeCodeOf(chat, { cookie, ...from })).toBe(4_003);
    }
    expect(await contents(chat, bearer)).not.toContain('from elsewhere');
  });

  test('its own page can, a named one too, and a token from anywhere', async () => {
    for (const headers of [
      { cookie, origin: new URL(chat.url).origin },
      { cookie, 'sec-fetch-site': 'same-origin' },
      { cookie, origin: 'https://app.example', 'sec-fetch-site': 'cross-site' },
      { ...bearer, origin: EVIL },
      bearer,
    ]) {
      expect((await post(chat, headers)).status).toBe(201);
      expect(await closeCodeOf(chat, headers)).toBeUndefined();
    }
  });

  test('two cookies of one name prove nobody, because one of them may be planted', async () => {
    const planted = `${SESSION_COOKIE}=${await identity.sign('mallory', 60)}`;
    for (const both of [`${cookie}; ${planted}`, `${planted}; ${cookie}`]) {
      const headers = { cookie: both, 'sec-fetch-site': 'same-origin' };
      expect((await post(chat, headers)).status).toBe(401);
      expect(await closeCodeOf(chat, headers)).toBe(4_001);
    }
  });

  test('a planted cookie never wins over the one that only this host can set', async () => {
    const planted = `${SESSION_COOKIE}=${await identity.sign('mallory', 60)}`;
    const headers = { cookie: `${planted}; __Host-${cookie}; ${planted}`, 'sec-fetch-site': 'same-origin' };
    expect((await post(chat, headers)).status).toBe(201);
  });
});

describe('in open mode', () => {
  let chat: TestChat;
  beforeAll(async () => {
    chat = await startTestChat();
  });
  afterAll(() => chat.stop());

  test('tools and pages of this machine may call; pages of other websites can neither read nor write', async () => {
    for (const headers of [{}, { origin: new URL(chat.url).origin }, { origin: 'http://localhost:5173' }]) {
      expect((await post(chat, headers)).status).toBe(201);
      expect(await closeCodeOf(chat, headers)).toBeUndefined();
    }
    for (const headers of [
      { origin: EVIL },
      { origin: 'null' },
      { host: 'evil.example', origin: 'http://evil.example' },
    ]) {
      expect((await post(chat, headers)).status).toBe(403);
      expect((await request(chat, 'GET', '/rooms', undefined, headers)).status).toBe(403);
      expect(await closeCodeOf(chat, headers)).toBe(4_003);
    }
  });

  test('inherited fields can’t be smuggled into a frame', async () => {
    const client = await connect(chat, { user: 'ann' });
    client.sendRaw('{"type":"message","__proto__":{"content":"smuggled"}}');
    expect(await client.waitFor(({ type }) => type === 'error')).toMatchObject({ code: 'invalid_input' });
    await client.close();
    expect(await contents(chat)).not.toContain('smuggled');
  });
});

test('an explicit `*` allows pages of any origin', async () => {
  const chat = await startTestChat({ CORS_ORIGIN: '*' });
  expect((await post(chat, { origin: EVIL })).status).toBe(201);
  expect(await closeCodeOf(chat, { origin: EVIL })).toBeUndefined();
  await chat.stop();
});
