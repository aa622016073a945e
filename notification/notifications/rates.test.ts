/** Nobody creates without end: by themself, or for one person. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { Failure } from '@parley/kit/errors/failure';
import { createIdentity } from '@parley/kit/identity/identity';
import { embeddedStores, refusalOf, startTestService, type TestService } from '../testing/service.ts';
import { createRates } from './rates.ts';

const BURST = 5;
const AUTH_SECRET = 'a secret of at least thirty-two characters';
const identity = createIdentity(AUTH_SECRET);
/** A token in a quarter of an hour: none comes while a test runs. */
const env = { CREATIONS_BURST: String(BURST), CREATIONS_PER_SECOND: '0.001' };

let open: TestService;
let closed: TestService;
beforeAll(async () => {
  [open, closed] = await Promise.all([
    startTestService({ ...embeddedStores(), ...env }),
    startTestService({ ...embeddedStores(), ...env, AUTH_SECRET }),
  ]);
});
afterAll(async () => {
  await Promise.all([open.stop(), closed.stop()]);
});

const newUser = () => `user ${crypto.randomUUID()}`;
const rateLimited = { status: 429, code: 'rate_limited', retryAfterMs: expect.any(Number) };

test('in open mode one creator, whoever it is for, and one person, whoever says to create, have a bound', async () => {
  const [creator, victim] = [newUser(), newUser()];
  for (const asked of [
    () => ({ user_id: newUser(), from_user: creator }),
    () => ({ user_id: victim, from_user: newUser(), notif_type: 'system' as const }),
  ]) {
    for (let number = 1; number <= BURST; number += 1) expect((await open.create(asked())).status).toBe(201);
    expect(await refusalOf(open.create(asked()))).toMatchObject(rateLimited);
  }
  expect((await open.create({ user_id: newUser(), from_user: newUser() })).status).toBe(201);
});

test('what is refused leaves nothing behind, its key included', async () => {
  const user = newUser();
  for (let number = 1; number <= BURST; number += 1) await open.create({ user_id: user, from_user: newUser() });
  expect(await refusalOf(open.create({ user_id: user, from_user: 'bob' }, 'a key'))).toMatchObject(rateLimited);
  expect((await open.list(user)).body.length).toBe(BURST);
});

test('with a proof a person is held to it, a service isn’t', async () => {
  const create = async (headers: Record<string, string>) =>
    closed.send('POST', '/notifications', { user_id: 'carol', title: 't', body: 'b' }, headers);
  const asCarol = { authorization: `Bearer ${await identity.sign('carol', 60)}` };
  const asChat = await identity.serviceHeaders('chat');
  for (let number = 1; number <= BURST; number += 1) expect((await create(asCarol)).status).toBe(201);
  expect(await create(asCarol)).toMatchObject({
    status: 429,
    body: { code: 'rate_limited', retry_after_ms: expect.any(Number) },
  });
  for (let number = 1; number <= 2 * BURST; number += 1) expect((await create(asChat)).status).toBe(201);
});

test('who waited as told may go on', () => {
  let nowMs = 0;
  const rates = createRates({ perSecond: 2, burst: 1 }, () => nowMs);
  const waitOf = (): number => {
    try {
      rates.take('alice', 'bob');
      return 0;
    } catch (error) {
      return error instanceof Failure ? Number(error.fields.retry_after_ms) : Number.NaN;
    }
  };
  expect(waitOf()).toBe(0);
  const wait = waitOf();
  expect(wait).toBeGreaterThan(0);
  nowMs += wait;
  expect(waitOf()).toBe(0);
});
