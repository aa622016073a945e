/** The front end's own table: accounts, which protect a name with a password. */
import { pgSchema, text, timestamp } from 'drizzle-orm/pg-core';

export const web = pgSchema('web');

export const accounts = web.table('accounts', {
  /** As `nameKey` gives it. */
  nameKey: text('name_key').primaryKey(),
  name: text('name').notNull(),
  userId: text('user_id').notNull().unique(),
  passwordHash: text('password_hash').notNull(),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
});
