/** Signing in: a name is enough, unless an account protects it. */

import { Failure } from '@parley/kit/errors/errors';
import type { BucketLimits } from '@parley/kit/limits/bucket';
import { createKeyedRates } from '@parley/kit/limits/rates';
import { createHashing } from './hashing.ts';
import { nameFault, nameKey, newUserId, passwordFault, tidyName } from './names.ts';
import type { Person } from './session.ts';
import type { AccountStore } from './store.ts';

/** Why someone isn't let in; `needsPassword` when the name belongs to an account. */
export interface Refusal {
  readonly fault: string;
  readonly needsPassword: boolean;
}

export type Entry = { readonly person: Person } | { readonly refusal: Refusal };

export interface Doors {
  /** @param address whence the request came. @throws {Failure} `storage_unavailable`, `overloaded`, `rate_limited` */
  enter(name: string, password: string, address: string): Promise<Entry>;
  /** Protects a person's name from now on. @throws {Failure} like `enter` */
  protect(person: Person, password: string, address: string): Promise<Entry>;
}

const MAX_FAILURES = 10;
const FAILURE_WINDOW_MS = 5 * 60_000;
const MAX_TRACKED_NAMES = 10_000;

/** A rate of 0 is none. */
const UNLIMITED: BucketLimits = { perSecond: 0, burst: 1 };

const refuse = (fault: string, needsPassword = false): Entry => ({ refusal: { fault, needsPassword } });

/** Counts wrong passwords per name within a window. Bounded: the oldest name is forgotten first. */
const createFailureCount = (now: () => number) => {
  const failures = new Map<string, { count: number; until: number }>();
  const current = (key: string) => {
    const entry = failures.get(key);
    return entry && entry.until > now() ? entry : undefined;
  };
  return {
    check: (key: string) => {
      const entry = current(key);
      if (!entry || entry.count < MAX_FAILURES) return;
      const fields = { retry_after_ms: entry.until - now() };
      throw new Failure('rate_limited', 'Too many wrong passwords for this name; wait some minutes', { fields });
    },
    add: (key: string) => {
      const entry = current(key) ?? { count: 0, until: now() + FAILURE_WINDOW_MS };
      failures.delete(key);
      failures.set(key, { ...entry, count: entry.count + 1 });
      if (failures.size > MAX_TRACKED_NAMES) failures.delete(failures.keys().next().value ?? '');
    },
    clear: (key: string) => failures.delete(key),
  };
};

export const createDoors = (
  store: AccountStore,
  isOpen: boolean,
  limits: BucketLimits = UNLIMITED,
  now: () => number = () => performance.now(),
): Doors => {
  const failures = createFailureCount(now);
  const rates = createKeyedRates(limits, now);

  const takeToken = (address: string): void => {
    const retryAfterMs = rates.take(address);
    if (retryAfterMs === 0) return;
    const detail = `Too many sign-ins from your network; try again in ${Math.ceil(retryAfterMs / 1_000)} s`;
    throw new Failure('rate_limited', detail, { fields: { retry_after_ms: retryAfterMs } });
  };
  const hashing = createHashing();

  const enter = async (given: string, password: string, address: string): Promise<Entry> => {
    takeToken(address);
    const fault = nameFault(given);
    if (fault) return refuse(fault);
    const name = tidyName(given);
    const key = nameKey(name);
    const account = await store.find(key);
    if (!account) {
      if (password === '') return { person: { id: newUserId(name, isOpen), name, hasAccount: false } };
      return refuse('No account has this name. Leave the password empty to come in as a guest.', true);
    }
    if (password === '')
      return refuse('This name belongs to an account: give its password, or choose another name.', true);
    const isRight = await hashing.run(address, key, async () => {
      // Checked at its turn: of many tries sent at once, those beyond the limit find it reached.
      failures.check(key);
      const isRight = await Bun.password.verify(password, account.passwordHash);
      if (isRight) failures.clear(key);
      else failures.add(key);
      return isRight;
    });
    if (!isRight) return refuse('The password is not right.', true);
    return { person: { id: account.userId, name: account.name, hasAccount: true } };
  };

  const protect = async ({ id, name }: Person, password: string, address: string): Promise<Entry> => {
    takeToken(address);
    const fault = passwordFault(password);
    if (fault) return refuse(fault);
    const passwordHash = await hashing.run(address, nameKey(name), () => Bun.password.hash(password, 'argon2id'));
    const isAdded = await store.add(nameKey(name), { name, userId: id, passwordHash });
    return isAdded ? { person: { id, name, hasAccount: true } } : refuse('An account has this name already.');
  };

  return { enter, protect };
};
