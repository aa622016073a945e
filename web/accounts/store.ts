/** Accounts: names that a password protects, in Postgres. */
import type { Database } from '@parley/kit/stores/database';
import { eq } from 'drizzle-orm';
import { accounts } from '../db/schema.ts';

export interface Account {
  readonly name: string;
  readonly userId: string;
  readonly passwordHash: string;
}

export interface AccountStore {
  /** @param key as `nameKey` gives it. @throws {Failure} `storage_unavailable` */
  find(key: string): Promise<Account | undefined>;
  /** Resolves with false when the name or the user id has an account already. @throws {Failure} `storage_unavailable` */
  add(key: string, account: Account): Promise<boolean>;
}

export const createAccountStore = (database: Database): AccountStore => ({
  find: async (key) => {
    const { name, userId, passwordHash } = accounts;
    const select = { name, userId, passwordHash };
    const [found] = await database.run((db) => db.select(select).from(accounts).where(eq(accounts.nameKey, key)));
    return found;
  },
  add: async (key, account) => {
    const row = { nameKey: key, ...account };
    const added = await database.run((db) =>
      db.insert(accounts).values(row).onConflictDoNothing().returning({ key: accounts.nameKey }),
    );
    return added.length > 0;
  },
});
