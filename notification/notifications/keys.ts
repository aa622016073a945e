/** SQL on the idempotency keys of creations. */
import { Failure } from '@parley/kit/errors/failure';
import type { Db } from '@parley/kit/stores/database';
import { and, asc, eq, lt, sql } from 'drizzle-orm';
import { idempotencyKeys, notifications } from '../db/schema.ts';
import { errors } from '../errors.ts';
import { fromRow, type toRow } from './row.ts';
import type { Creation, Notification } from './rules.ts';
import { CHUNK_ROWS } from './unread.ts';

/** An idempotency key. Each creator has keys of their own. */
export interface CreationKey {
  readonly creator: string;
  readonly text: string;
}

/**
 * Claims the key for a notification. Of concurrent transactions with the same key one claims it, and the others wait until it commits.
 * @returns undefined when the key is claimed; otherwise what the key created before, and that notification as it is now
 */
export const claimKey = async (
  tx: Db,
  { creator, text: key }: CreationKey,
  { id: notificationId, userId, fromUser, createdAt }: ReturnType<typeof toRow>,
): Promise<{ creation: Creation; current: Notification | undefined } | undefined> => {
  const claimed = await tx
    .insert(idempotencyKeys)
    .values({ creator, key, notificationId, userId, fromUser, createdAt })
    .onConflictDoNothing()
    .returning({ key: idempotencyKeys.key });
  if (claimed.length > 0) return undefined;
  const [earlier] = await tx
    .select()
    .from(idempotencyKeys)
    .leftJoin(notifications, eq(notifications.id, idempotencyKeys.notificationId))
    .where(and(eq(idempotencyKeys.creator, creator), eq(idempotencyKeys.key, key)));
  // Retention deleted the key between the two statements. A retry succeeds.
  if (!earlier) throw new Failure(errors.storage_unavailable);
  const { notificationId: id, ...first } = earlier.idempotency_keys;
  return { creation: { ...first, id }, current: earlier.notifications ? fromRow(earlier.notifications) : undefined };
};

/** Deletes one chunk of the keys created before a time. @returns the number of keys */
export const forgetKeys = async (db: Db, before: Date): Promise<number> => {
  const { creator, key } = idempotencyKeys;
  const old = db
    .select({ creator, key })
    .from(idempotencyKeys)
    .where(lt(idempotencyKeys.createdAt, before))
    .orderBy(asc(idempotencyKeys.createdAt))
    .limit(CHUNK_ROWS)
    .for('update', { skipLocked: true });
  const removed = await db.delete(idempotencyKeys).where(sql`(${creator}, ${key}) in ${old}`).returning({ key });
  return removed.length;
};
