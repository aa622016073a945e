/** file's tables, in the Postgres schema `file`. */
import { bigint, index, integer, pgSchema, text, timestamp, uuid } from 'drizzle-orm/pg-core';

export const file = pgSchema('file');

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date', precision: 3 });

/**
 * Ids are UUIDv7, which begin with the time of creation: sorting by id sorts by time, and an id works as the cursor of a page even after
 * its row is deleted. The bytes are the object that `object_id` names; the row is inserted only after the object is stored completely.
 */
export const files = file.table(
  'files',
  {
    id: uuid('id').primaryKey(),
    objectId: uuid('object_id').notNull().unique('files_object'),
    originalName: text('original_name').notNull(),
    contentType: text('content_type').notNull(),
    /**
     * The encoding of a text file. Null for other types, and for texts stored before this column, which are UTF-8. `8-bit` is a code page
     * that only the author knows (Windows-1252, Shift JIS): it is served without a `charset`, so that the browser guesses.
     */
    charset: text('charset', { enum: ['utf-8', 'utf-16le', 'utf-16be', '8-bit'] }),
    sizeBytes: bigint('size_bytes', { mode: 'number' }).notNull(),
    sha256: text('sha256').notNull(),
    width: integer('width'),
    height: integer('height'),
    uploadedBy: text('uploaded_by').notNull(),
    roomId: text('room_id'),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [index('files_of_room').on(table.roomId, table.id)],
);

/** Leases on work that one replica does for all. The replica that holds the lease does the work, until `held_until`. */
export const leases = file.table('leases', {
  name: text('name').primaryKey(),
  heldUntil: instant('held_until').notNull(),
});
