/** The store of push subscriptions. Every method throws `storage_unavailable` when the database is away. */
import type { Database } from '@parley/kit/stores/database';
import { and, desc, eq, inArray } from 'drizzle-orm';
import { pushSubscriptions } from '../db/schema.ts';
import type { NewSubscription, Subscription } from './rules.ts';

/** Beyond this number the user's oldest subscriptions are deleted. */
const MAX_SUBSCRIPTIONS_PER_USER = 10;

export interface SubscriptionStore {
  /** Stores or renews a subscription. One that belonged to another user belongs to this user from now on. */
  save(subscription: NewSubscription, createdAt: Date): Promise<void>;
  /** Deletes the user's subscription of this endpoint, if there is one. */
  remove(userId: string, endpoint: string): Promise<void>;
  /** Newest first, at most `MAX_SUBSCRIPTIONS_PER_USER`. */
  listOf(userId: string): Promise<Subscription[]>;
  /** Deletes the subscription of an endpoint that its push service calls gone. */
  drop(endpoint: string): Promise<void>;
}

export const createSubscriptionStore = (database: Database): SubscriptionStore => ({
  save: ({ user_id: userId, endpoint, keys: { p256dh, auth } }, createdAt) =>
    database.run((db) =>
      db.transaction(async (tx) => {
        const fields = { userId, p256dh, auth, createdAt };
        await tx
          .insert(pushSubscriptions)
          .values({ endpoint, ...fields })
          .onConflictDoUpdate({ target: pushSubscriptions.endpoint, set: fields });
        const surplus = tx
          .select({ endpoint: pushSubscriptions.endpoint })
          .from(pushSubscriptions)
          .where(eq(pushSubscriptions.userId, userId))
          .orderBy(desc(pushSubscriptions.createdAt))
          .offset(MAX_SUBSCRIPTIONS_PER_USER);
        await tx.delete(pushSubscriptions).where(inArray(pushSubscriptions.endpoint, surplus));
      }),
    ),

  remove: async (userId, endpoint) => {
    await database.run((db) =>
      db
        .delete(pushSubscriptions)
        .where(and(eq(pushSubscriptions.endpoint, endpoint), eq(pushSubscriptions.userId, userId))),
    );
  },

  listOf: (userId) =>
    database.run(async (db) => {
      const rows = await db
        .select()
        .from(pushSubscriptions)
        .where(eq(pushSubscriptions.userId, userId))
        .orderBy(desc(pushSubscriptions.createdAt))
        .limit(MAX_SUBSCRIPTIONS_PER_USER);
      return rows.map(({ endpoint, p256dh, auth }) => ({ endpoint, keys: { p256dh, auth } }));
    }),

  drop: async (endpoint) => {
    await database.run((db) => db.delete(pushSubscriptions).where(eq(pushSubscriptions.endpoint, endpoint)));
  },
});
