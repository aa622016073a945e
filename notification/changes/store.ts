/** SQL on the newest known change of each message, for the transactions that create, edit and remove notifications of the message. */
import type { Db } from '@parley/kit/stores/database';
import { eq, sql } from 'drizzle-orm';
import { messageChanges } from '../db/schema.ts';
import { isOutdated, type KnownChange } from './rules.ts';

const LOCK_CLASS = 8_022;

/**
 * Locks the message until the transaction ends. Creations of notifications share the lock, so that they run side by side; a change takes
 * it alone, and waits for them.
 */
const lock = (tx: Db, messageId: string, isShared: boolean) => {
  const acquire = sql.raw(isShared ? 'pg_advisory_xact_lock_shared' : 'pg_advisory_xact_lock');
  return tx.execute(sql`select ${acquire}(${LOCK_CLASS}::int, hashtext(${messageId}))`);
};

const readChange = async (tx: Db, messageId: string): Promise<KnownChange | undefined> => {
  const [row] = await tx.select().from(messageChanges).where(eq(messageChanges.messageId, messageId));
  return row;
};

/** Reads the newest known change and keeps others from changing it until the transaction ends. For creations of notifications. */
export const holdChange = async (tx: Db, messageId: string): Promise<KnownChange | undefined> => {
  await lock(tx, messageId, true);
  return readChange(tx, messageId);
};

/**
 * Stores a change as the newest known one, unless a newer one is known. A repeat of the same change is stored again, so that its
 * announcement can be repeated too.
 * @returns whether it was stored
 */
export const recordChange = async (tx: Db, change: typeof messageChanges.$inferInsert): Promise<boolean> => {
  await lock(tx, change.messageId, false);
  const known = await readChange(tx, change.messageId);
  if (!change.isDeleted && isOutdated(known, change.seq)) return false;
  await tx.insert(messageChanges).values(change).onConflictDoUpdate({ target: messageChanges.messageId, set: change });
  return true;
};
