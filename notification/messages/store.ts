/** The store of what edits and deletions of messages do to notifications. Every method throws `storage_unavailable` when the database is away. */
import type { Database, Db } from '@parley/kit/stores/database';
import { and, asc, eq, inArray, lt, ne, notInArray, type SQL } from 'drizzle-orm';
import { recordChange } from '../changes/store.ts';
import { messageChanges, notifications } from '../db/schema.ts';
import { fromRow } from '../notifications/row.ts';
import type { Notification } from '../notifications/rules.ts';
import type { Edit } from './rules.ts';

/** A notification that was removed or corrected because its message changed. */
export interface Touched {
  readonly notification: Notification;
  /** Whether it was pushed, so that browsers may show it. */
  readonly wasPushed: boolean;
}

/** The notifications that a change of a message touched. */
export interface Effect {
  readonly removed: readonly Touched[];
  /** With the new body. */
  readonly corrected: readonly Touched[];
}

export interface MessageStore {
  /** Removes all notifications of a message. Later creations are refused as `message_changed`. */
  remove(messageId: string, seq: number, at: Date): Promise<Effect>;
  /** Gives the mentions of a message its new body, and removes the mentions of people whom it no longer names. */
  edit(messageId: string, edit: Edit, at: Date): Promise<Effect>;
  /** Deletes one chunk of the changes recorded before a time. @returns the number of changes; 0 when none is left */
  forgetBefore(time: Date): Promise<number>;
}

const CHUNK_ROWS = 5_000;

const toTouched = (row: typeof notifications.$inferSelect): Touched => ({
  notification: fromRow(row),
  wasPushed: row.pushedAt !== null,
});

const removeWhere = async (tx: Db, condition: SQL | undefined): Promise<Touched[]> =>
  (await tx.delete(notifications).where(condition).returning()).map(toTouched);

const NOTHING: Effect = { removed: [], corrected: [] };

export const createMessageStore = (database: Database): MessageStore => {
  /** Records the change and does its work in one transaction. Nothing happens when a newer change is known. */
  const apply = (change: typeof messageChanges.$inferInsert, work: (tx: Db) => Promise<Effect>): Promise<Effect> =>
    database.run((db) => db.transaction(async (tx) => ((await recordChange(tx, change)) ? work(tx) : NOTHING)));

  return {
    remove: (messageId, seq, changedAt) =>
      apply({ messageId, seq, changedAt, isDeleted: true }, async (tx) => ({
        removed: await removeWhere(tx, eq(notifications.messageId, messageId)),
        corrected: [],
      })),

    edit: (messageId, { seq, user_ids: userIds, body }, changedAt) =>
      apply({ messageId, seq, changedAt, isDeleted: false }, async (tx) => {
        const mentions = and(eq(notifications.messageId, messageId), eq(notifications.notifType, 'mention'));
        const removed = await removeWhere(tx, and(mentions, notInArray(notifications.userId, userIds)));
        const rows = await tx
          .update(notifications)
          .set({ body })
          .where(and(mentions, ne(notifications.body, body)))
          .returning();
        return { removed, corrected: rows.map(toTouched) };
      }),

    forgetBefore: (time) =>
      database.run(async (db) => {
        const old = db
          .select({ messageId: messageChanges.messageId })
          .from(messageChanges)
          .where(lt(messageChanges.changedAt, time))
          .orderBy(asc(messageChanges.changedAt))
          .limit(CHUNK_ROWS)
          .for('update', { skipLocked: true });
        const removed = await db
          .delete(messageChanges)
          .where(inArray(messageChanges.messageId, old))
          .returning({ messageId: messageChanges.messageId });
        return removed.length;
      }),
  };
};
