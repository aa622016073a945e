/** Signing in: a name is enough, unless an account protects it with a password. */

import { errors } from '@parley/kit/errors/errors';
import { Failure } from '@parley/kit/errors/failure';
import type { BucketLimits } from '@parley/kit/limits/bucket';
import { createKeyedRates } from '@parley/kit/limits/rates';
import { createFailureCount } from './failure-count.ts';
import { createHashing } from './hashing.ts';
import { nameFault, nameKey, newUserId, passwordFault, tidyName } from './names.ts';
import type { Person } from './session.ts';
import type { Account, AccountStore } from './store.ts';

export interface Refusal {
  /** What is wrong, in words for the person. */
  readonly fault: string;
  /** The name belongs to an account. */
  readonly needsPassword: boolean;
}

export type SignInResult = { readonly person: Person } | { readonly refusal: Refusal };

export interface SignIns {
  /**
   * @param password empty for a name without an account
   * @param address of the client, which the limits count by
   * @throws {Failure} `storage_unavailable`, `overloaded`, `rate_limited`
   */
  signIn(name: string, password: string, address: string): Promise<SignInResult>;
  /** Makes an account of a person's name: from now on it needs the password. @throws {Failure} like `signIn` */
  protect(person: Person, password: string, address: string): Promise<SignInResult>;
}

export interface SignInsDeps {
  readonly accounts: AccountStore;
  /** Nobody proves who they are: a user id is the name. */
  readonly isOpen: boolean;
  /** Sign-ins of one address. Without them there is no limit. */
  readonly limits?: BucketLimits;
  /** Monotonic, in ms. */
  readonly now?: () => number;
}

/** A rate of 0 is unlimited. */
const UNLIMITED: BucketLimits = { perSecond: 0, burst: 1 };

const refuse = (fault: string, needsPassword = false): SignInResult => ({ refusal: { fault, needsPassword } });

export const createSignIns = ({
  accounts,
  isOpen,
  limits = UNLIMITED,
  now = () => performance.now(),
}: SignInsDeps): SignIns => {
  const failures = createFailureCount(now);
  const rates = createKeyedRates(limits, now);
  const hashing = createHashing();

  const takeToken = (address: string): void => {
    const retryAfterMs = rates.take(address);
    if (retryAfterMs === 0) return;
    const detail = `Too many sign-ins from your network; try again in ${Math.ceil(retryAfterMs / 1_000)} s`;
    throw new Failure(errors.rate_limited, detail, { fields: { retry_after_ms: retryAfterMs } });
  };

  /** The failures are counted when the hash runs, not when it is queued: otherwise many passwords sent at once would all pass the check. */
  const verify = (key: string, password: string, account: Account, address: string): Promise<boolean> =>
    hashing.run(address, key, async () => {
      failures.check(key);
      const isRight = await Bun.password.verify(password, account.passwordHash);
      if (isRight) failures.clear(key);
      else failures.add(key);
      return isRight;
    });

  const signInWithoutAccount = (name: string, password: string): SignInResult => {
    if (password === '') return { person: { id: newUserId(name, isOpen), name, hasAccount: false } };
    return refuse('No account has this name. Leave the password empty to come in as a guest.', true);
  };

  return {
    signIn: async (given, password, address) => {
      takeToken(address);
      const fault = nameFault(given);
      if (fault) return refuse(fault);
      const name = tidyName(given);
      const key = nameKey(name);
      const account = await accounts.find(key);
      if (!account) return signInWithoutAccount(name, password);
      if (password === '')
        return refuse('This name belongs to an account: give its password, or choose another name.', true);
      if (!(await verify(key, password, account, address))) return refuse('The password is not right.', true);
      return { person: { id: account.userId, name: account.name, hasAccount: true } };
    },
    protect: async ({ id, name }, password, address) => {
      takeToken(address);
      const fault = passwordFault(password);
      if (fault) return refuse(fault);
      const passwordHash = await hashing.run(address, nameKey(name), () => Bun.password.hash(password, 'argon2id'));
      const isAdded = await accounts.add(nameKey(name), { name, userId: id, passwordHash });
      return isAdded ? { person: { id, name, hasAccount: true } } : refuse('An account has this name already.');
    },
  };
};
