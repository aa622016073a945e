/** Many sign-ins at once: a burst is queued, and a flood from one address doesn't keep others out. */
import { beforeAll, expect, test } from 'bun:test';
import { Failure } from '@parley/kit/errors/failure';
import { nameKey } from './names.ts';
import { createSignIns } from './sign-in.ts';
import type { AccountStore } from './store.ts';

let passwordHash: string;
beforeAll(async () => {
  // As cheap as possible: these tests are about order, not about strength.
  passwordHash = await Bun.password.hash('correct horse', { algorithm: 'bcrypt', cost: 4 });
});

/** Every name has an account. */
const store: AccountStore = {
  find: async (key) => ({ name: key, userId: nameKey(key), passwordHash }),
  add: async () => true,
};

const HERE = '203.0.113.1';
const ELSEWHERE = '203.0.113.66';

test('a burst of sign-ins from one office succeeds', async () => {
  const signIns = createSignIns({ accounts: store, isOpen: true });
  const entries = await Promise.all(
    Array.from({ length: 40 }, (_, number) => signIns.signIn(`user${number}`, 'correct horse', HERE)),
  );
  expect(entries.filter((entry) => 'person' in entry)).toHaveLength(40);
});

test('a flood from one address is refused beyond its queue, and a sign-in from another address overtakes it', async () => {
  const signIns = createSignIns({ accounts: store, isOpen: true });
  const ended: string[] = [];
  const signIn = async (name: string, address: string) => {
    try {
      await signIns.signIn(name, 'wrong horse', address);
      ended.push(address);
      return undefined;
    } catch (error) {
      return error;
    }
  };
  const flood = Array.from({ length: 150 }, (_, number) => signIn(`victim${number}`, ELSEWHERE));
  await signIn('bob', HERE);
  // Two of the flood's hashes were running, and two more may end while this one runs.
  expect(ended.indexOf(HERE)).toBeLessThan(10);
  const refusals = (await Promise.all(flood)).filter((error) => error !== undefined);
  expect(refusals).not.toBeEmpty();
  for (const error of refusals) {
    expect(error).toBeInstanceOf(Failure);
    expect(error).toMatchObject({ code: 'overloaded', status: 503, fields: { retry_after_ms: 5_000 } });
  }
});

test('passwords tried at the same time count like passwords tried one after another', async () => {
  const signIns = createSignIns({ accounts: store, isOpen: true });
  const tries: Promise<unknown>[] = [];
  for (let address = 0; address < 10; address += 1)
    for (let count = 0; count < 4; count += 1) tries.push(signIns.signIn('alice', 'wrong', `203.0.113.${address}`));
  const outcomes = await Promise.allSettled(tries);
  const tried = outcomes.filter(({ status }) => status === 'fulfilled').length;
  // Up to four more than the limit: those that were running when it was reached.
  expect(tried).toBeWithin(10, 14);
  const limited = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  for (const error of limited) expect(error).toMatchObject({ code: 'rate_limited' });
  await expect(signIns.signIn('alice', 'correct horse', HERE)).rejects.toMatchObject({ code: 'rate_limited' });
});

test('sign-ins of one address are limited, whatever the names, and another address isn’t affected', async () => {
  let nowMs = 0;
  const signIns = createSignIns({
    accounts: store,
    isOpen: true,
    limits: { perSecond: 1, burst: 5 },
    now: () => nowMs,
  });
  const signIn = (address: string) => signIns.signIn(`guest ${crypto.randomUUID()}`, '', address);
  for (let count = 1; count <= 5; count += 1) await signIn(HERE);
  await expect(signIn(HERE)).rejects.toMatchObject({ code: 'rate_limited', fields: { retry_after_ms: 1_000 } });
  await expect(signIns.protect({ id: 'a', name: 'A', hasAccount: false }, 'correct horse', HERE)).rejects.toMatchObject(
    {
      code: 'rate_limited',
    },
  );
  await signIn(ELSEWHERE);
  nowMs += 1_000;
  await signIn(HERE);
});
