/**
 * Leases, by which one replica at a time does a kind of work: a row with the time until which it is held. Unlike an advisory lock a lease
 * needs no connection of its own, and the lease of a dead replica ends by the database's clock.
 */
import type { Database } from '@parley/kit/stores/database';
import { eq, lt, sql } from 'drizzle-orm';
import { leases } from '../db/schema.ts';

export interface Leases {
  /** Takes the lease for so long, unless another replica holds it. @returns whether it was taken */
  take(name: string, forMs: number): Promise<boolean>;
  /** Ends the lease early. */
  release(name: string): Promise<void>;
}

export const createLeases = (database: Database): Leases => ({
  take: async (name, forMs) => {
    const heldUntil = sql`now() + ${forMs / 1_000}::float8 * interval '1 second'`;
    const isOver = lt(leases.heldUntil, sql`now()`);
    const taken = await database.run((db) =>
      db
        .insert(leases)
        .values({ name, heldUntil })
        .onConflictDoUpdate({ target: leases.name, set: { heldUntil }, setWhere: isOver })
        .returning({ name: leases.name }),
    );
    return taken.length > 0;
  },
  release: async (name) => {
    await database.run((db) => db.delete(leases).where(eq(leases.name, name)));
  },
});
