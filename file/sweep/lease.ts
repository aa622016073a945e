/**
 * Turns among replicas: a row per kind of work, with the time until which it is taken. Unlike an advisory lock it needs no connection
 * of its own, and a replica that dies gives it back by the clock, the database's.
 */
import type { Database } from '@parley/kit/stores/database';
import { eq, lt, sql } from 'drizzle-orm';
import { leases } from '../db/schema.ts';

export interface Leases {
  /** Takes the work for so long, unless another has it. @returns whether it is ours now */
  take(name: string, forMs: number): Promise<boolean>;
  /** Gives it back early. */
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
