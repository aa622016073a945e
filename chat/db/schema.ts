/** chat's tables, in the Postgres schema `chat`. Only the functions in `functions/` write `seq`. */
import { sql } from 'drizzle-orm';
import {
  bigint,
  index,
  integer,
  jsonb,
  pgSchema,
  primaryKey,
  text,
  timestamp,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';

export const chat = pgSchema('chat');

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
const sequence = (name: string) => bigint(name, { mode: 'number' });

export const rooms = chat.table('rooms', {
  id: text('id').primaryKey(),
  /** The id in lower case, because ids that differ only in case are one id. Null for a room of an earlier release that breaks this rule. */
  idKey: text('id_key').unique(),
  /** The order of creation, in which rooms are listed. */
  number: sequence('number').notNull().generatedByDefaultAsIdentity().unique(),
  name: text('name').notNull(),
  description: text('description'),
  /** The `seq` of the room's last change. The row is locked to assign the next one. */
  lastSeq: sequence('last_seq').notNull().default(0),
  createdAt: instant('created_at').notNull().defaultNow(),
});

export const messages = chat.table(
  'messages',
  {
    id: uuid('id').primaryKey(),
    roomId: text('room_id')
      .notNull()
      .references(() => rooms.id),
    userId: text('user_id').notNull(),
    username: text('username').notNull(),
    content: text('content').notNull(),
    messageType: text('message_type').notNull(),
    fileUrl: text('file_url'),
    /** Used by releases before `client_ids`; not written or read any more. A later release drops it. */
    clientId: uuid('client_id'),
    /** The `seq` that the message was appended with: the reading order. */
    position: sequence('position').notNull(),
    /** The number of the message's last change. Catching up reads rows with `seq` > cursor. */
    seq: sequence('seq').notNull(),
    createdAt: instant('created_at').notNull(),
    editedAt: instant('edited_at'),
    deletedAt: instant('deleted_at'),
    /** The people whom the content mentions, as `chat.resolve_mentions` returned them when it was written: `Mention` of mentions/rules.ts. */
    mentions: jsonb('mentions').notNull().default([]),
  },
  (table) => [
    unique('messages_room_position').on(table.roomId, table.position),
    unique('messages_room_seq').on(table.roomId, table.seq),
    // `chat.is_file_used` uses the same expression.
    index('messages_file')
      .on(sql`substring(lower("file_url") from '^/api/files/([0-9a-f-]{36})/download')`)
      .where(sql`"file_url" is not null`),
  ],
);

/**
 * The `client_id`s of messages: a retry with the same one returns the same message, forever. A table of its own without a foreign key, so
 * that an id outlives its message; it has the columns that the answer to a retry needs.
 */
export const clientIds = chat.table(
  'client_ids',
  {
    roomId: text('room_id').notNull(),
    clientId: uuid('client_id').notNull(),
    messageId: uuid('message_id').notNull(),
    userId: text('user_id').notNull(),
    position: sequence('position').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.roomId, table.clientId] })],
);

/** The keys by which names are compared are those of people.ts. */
const nameColumns = {
  username: text('username').notNull(),
  nameKey: text('name_key').notNull(),
  looseKey: text('loose_key').notNull().default(''),
  idKey: text('id_key').notNull(),
  /** Orders people of the same name: the one who has been known longest comes first. */
  knownAt: instant('known_at').notNull().defaultNow(),
};

/**
 * The people known to a room: they joined it, opened its page or wrote in it. Mentions and completion look here first. The table's name is
 * older than the term; these people are no members with rights.
 */
export const knownToRooms = chat.table(
  'members',
  {
    roomId: text('room_id')
      .notNull()
      .references(() => rooms.id),
    userId: text('user_id').notNull(),
    ...nameColumns,
  },
  (table) => [
    primaryKey({ columns: [table.roomId, table.userId] }),
    index('members_name_key').on(table.roomId, table.nameKey.op('text_pattern_ops'), table.knownAt),
    index('members_loose_key').on(table.roomId, table.looseKey.op('text_pattern_ops')),
    index('members_id_key').on(table.roomId, table.idKey.op('text_pattern_ops')),
  ],
);

/** Everyone known to any room, one row per person, with the newest name. A mention that fits nobody known to its room is looked up here. */
export const people = chat.table('people', { userId: text('user_id').primaryKey(), ...nameColumns }, (table) => [
  index('people_name_key').on(table.nameKey.op('text_pattern_ops'), table.knownAt),
  index('people_loose_key').on(table.looseKey.op('text_pattern_ops')),
  index('people_id_key').on(table.idKey.op('text_pattern_ops')),
]);

/** The position up to which a user has read a room. */
export const reads = chat.table(
  'reads',
  {
    userId: text('user_id').notNull(),
    roomId: text('room_id')
      .notNull()
      .references(() => rooms.id),
    position: sequence('position').notNull(),
    /** When the user first read the room. Messages older than a user's earliest row count as read in every room. */
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.roomId] })],
);

/** Used by releases before `outbox_entries`; not written or read any more. A later release drops it. */
export const outbox = chat.table(
  'outbox',
  {
    messageId: uuid('message_id')
      .notNull()
      .references(() => messages.id),
    userId: text('user_id').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    attempts: integer('attempts').notNull().default(0),
    nextAttemptAt: instant('next_attempt_at').notNull().defaultNow(),
    deliveredAt: instant('delivered_at'),
    readDueAt: instant('read_due_at'),
    readToldAt: instant('read_told_at'),
  },
  (table) => [
    primaryKey({ columns: [table.messageId, table.userId] }),
    index('outbox_waiting').on(table.nextAttemptAt).where(sql`delivered_at is null`),
    index('outbox_unread').on(table.userId).where(sql`read_due_at is null`),
    index('outbox_read').on(table.readDueAt).where(sql`read_due_at is not null and read_told_at is null`),
  ],
);

/**
 * Events of messages for other services, written in the message's transaction. The relay retries each entry until the service took it.
 * There is at most one entry per message, kind and person: it carries the message's current state, so a later change renews it.
 */
export const entries = chat.table(
  'outbox_entries',
  {
    /** Part of the idempotency key of the delivery. Random, so that no other caller can guess the key and use it first. */
    id: uuid('id').primaryKey().defaultRandom(),
    kind: text('kind', { enum: ['mention', 'correction', 'retraction', 'file'] }).notNull(),
    messageId: uuid('message_id').notNull(),
    /** Of a mention: the person who is mentioned; of other kinds: the message's author. */
    userId: text('user_id').notNull(),
    /** The message's `seq` when the entry was queued or renewed. */
    seq: sequence('seq').notNull(),
    /** Of a correction: the users whom the message still mentions. */
    mentioned: jsonb('mentioned').$type<string[]>(),
    /** Of a file: its id. */
    fileId: text('file_id'),
    createdAt: instant('created_at').notNull().defaultNow(),
    attempts: integer('attempts').notNull().default(0),
    nextAttemptAt: instant('next_attempt_at').notNull().defaultNow(),
    deliveredAt: instant('delivered_at'),
    /** Of a mention: null until the user has read the message; then the time of the next request to mark its notification as read. */
    readDueAt: instant('read_due_at'),
    /** When the notification service marked it as read. */
    readToldAt: instant('read_told_at'),
  },
  (table) => [
    index('outbox_entries_unread').on(table.userId).where(sql`kind = 'mention' and read_due_at is null`),
    index('outbox_entries_read').on(table.readDueAt).where(sql`read_due_at is not null and read_told_at is null`),
    unique('outbox_entries_subject').on(table.messageId, table.kind, table.userId),
    index('outbox_entries_waiting').on(table.nextAttemptAt).where(sql`delivered_at is null`),
    index('outbox_entries_delivered').on(table.deliveredAt).where(sql`delivered_at is not null`),
  ],
);
