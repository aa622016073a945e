/** With AUTH_SECRET set: everyone sees and changes their own notifications, and learns nothing of others'. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { createNotification } from '@parley/client/api/notification';
import { createIdentity } from '@parley/kit/identity/identity';
import { embeddedStores, startTestService, type TestService } from './testing/service.ts';

const AUTH_SECRET = 'a secret of at least thirty-two characters';
const identity = createIdentity(AUTH_SECRET);

let service: TestService;
beforeAll(async () => {
  service = await startTestService({ ...embeddedStores(), AUTH_SECRET });
});
afterAll(() => service.stop());

const as = async (userId: string) => ({ authorization: `Bearer ${await identity.sign(userId, 60)}` });
const asChat = () => identity.serviceHeaders('chat');

/** Alice's, created by chat as the service that it is. */
const createForAlice = async (): Promise<string> => {
  const asked = { user_id: 'alice', title: 'Hello', body: 'Bob calls', from_user: 'bob' };
  const { status, body } = await service.call(createNotification, asked, await asChat());
  expect(status).toBe(201);
  return body.id;
};

const requestsOfAlice: [string, string, (id: string) => string][] = [
  ['list', 'GET', () => '/notifications/alice'],
  ['count', 'GET', () => '/notifications/alice/unread-count'],
  ['read one', 'PATCH', (id) => `/notifications/${id}/read`],
  ['read all', 'PATCH', () => '/notifications/alice/read-all'],
  ['read a room', 'PATCH', () => '/notifications/alice/read-room?room_id=general&up_to=1'],
  ['delete', 'DELETE', (id) => `/notifications/${id}`],
];

test.each(requestsOfAlice)(
  'to %s: their user may, nobody may without a token, nobody else may',
  async (_, method, path) => {
    const id = await createForAlice();
    expect((await service.send(method, path(id))).status).toBe(401);
    expect([403, 404]).toContain((await service.send(method, path(id), undefined, await as('mallory'))).status);
    expect((await service.send(method, path(id), undefined, await as('alice'))).status).toBe(200);
  },
);

test("another user's notification and one that is not there answer alike", async () => {
  const [id, unknown] = [await createForAlice(), crypto.randomUUID()];
  for (const [method, rest] of [
    ['PATCH', '/read'],
    ['DELETE', ''],
  ] as const) {
    const [others, absent] = await Promise.all(
      [id, unknown].map(async (one) =>
        service.send(method, `/notifications/${one}${rest}`, undefined, await as('mallory')),
      ),
    );
    expect(others?.status).toBe(404);
    expect(others).toEqual(absent as typeof others);
  }
});

test('a service of the suite creates for anyone, a person for themself only and never in the system’s name', async () => {
  const create = async (from: string | null, headers: Record<string, string>, type = 'message') => {
    const asked = { user_id: 'alice', title: 't', body: 'b', from_user: from, notif_type: type };
    return (await service.send('POST', '/notifications', asked, headers)).status;
  };
  expect(await create('bob', {})).toBe(401);
  for (const type of ['message', 'mention']) {
    expect(await create(null, await as('alice'), type)).toBe(201);
    expect(await create('alice', await as('alice'), type)).toBe(201);
    expect(await create('bob', await as('bob'), type)).toBe(403);
    expect(await create('bob', await as('alice'), type)).toBe(403);
    expect(await create(null, await as('mallory'), type)).toBe(403);
  }
  expect(await create(null, await as('alice'), 'system')).toBe(403);
  for (const type of ['message', 'mention', 'system']) {
    expect(await create('bob', await asChat(), type)).toBe(201);
    expect(await create(null, await asChat(), type)).toBe(201);
  }
});

test('nobody else can take a service’s key first, nor learn what it made', async () => {
  const asked = { user_id: 'alice', title: 'Hello', body: 'Bob calls', from_user: null };
  const create = (who: Record<string, string>) =>
    service.call(createNotification, { ...asked, 'idempotency-key': 'mention:guessed' }, who);
  const [own, chats, again] = [
    await create(await as('alice')),
    await create(await asChat()),
    await create(await asChat()),
  ];
  expect([own.status, chats.status, again.status]).toEqual([201, 201, 200]);
  expect(chats.body.id).not.toBe(own.body.id);
  expect(again.body.id).toBe(chats.body.id);
});

test('only a service tells that a message was edited or deleted', async () => {
  const about = `/notifications/messages/${crypto.randomUUID()}`;
  const edit = { seq: 1, user_ids: [], body: 'b' };
  for (const [method, path, body] of [
    ['PUT', about, edit],
    ['DELETE', `${about}?seq=1`, undefined],
  ] as const) {
    expect((await service.send(method, path, body)).status).toBe(401);
    expect((await service.send(method, path, body, await as('alice'))).status).toBe(403);
    expect((await service.send(method, path, body, await asChat())).status).toBe(200);
  }
});
