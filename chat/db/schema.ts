/** chat's tables, in the Postgres schema `chat`. The functions in `functions/` are the only writers of `seq`. */
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
  /** The id in lower case: ids differ by more than case. Null for a room that is older than this rule and breaks it. */
  idKey: text('id_key').unique(),
  /** The order of creation, in which rooms are listed. */
  number: sequence('number').notNull().generatedByDefaultAsIdentity().unique(),
  name: text('name').notNull(),
  description: text('description'),
  /** The number of the room's last change: the row's lock hands out the next. */
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
    /** Of the release before `client_ids`: no longer written or read. A later release drops it. */
    clientId: uuid('client_id'),
    /** The `seq` it was born with: the reading order. */
    position: sequence('position').notNull(),
    /** Its last change. Catching up is "rows with seq > cursor". */
    seq: sequence('seq').notNull(),
    createdAt: instant('created_at').notNull(),
    editedAt: instant('edited_at'),
    deletedAt: instant('deleted_at'),
    /** Whom its content mentions, as `chat.resolve_mentions` answered when it was written: `Mention` of rules.ts. */
    mentions: jsonb('mentions').notNull().default([]),
  },
  (table) => [
    unique('messages_room_position').on(table.roomId, table.position),
    unique('messages_room_seq').on(table.roomId, table.seq),
    // `chat.is_file_used` asks by the same expression.
    index('messages_file')
      .on(sql`substring(lower("file_url") from '^/api/files/([0-9a-f-]{36})/download')`)
      .where(sql`"file_url" is not null`),
  ],
);

/**
 * The senders' own ids of messages: a retry with one is the same message, for good. Apart from `messages`, so that an id outlives its
 * message; no foreign key, and what a retry's answer needs is here.
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

/** How names are compared: see people.ts. */
const nameColumns = {
  username: text('username').notNull(),
  nameKey: text('name_key').notNull(),
  looseKey: text('loose_key').notNull().default(''),
  idKey: text('id_key').notNull(),
  /** Of people with one name, who is known longest comes first. */
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

/** Everyone known to any room, once, by the newest name: whom a mention reaches that names nobody of its room. */
export const people = chat.table('people', { userId: text('user_id').primaryKey(), ...nameColumns }, (table) => [
  index('people_name_key').on(table.nameKey.op('text_pattern_ops'), table.knownAt),
  index('people_loose_key').on(table.looseKey.op('text_pattern_ops')),
  index('people_id_key').on(table.idKey.op('text_pattern_ops')),
]);

/** How far a user has read a room. */
export const reads = chat.table(
  'reads',
  {
    userId: text('user_id').notNull(),
    roomId: text('room_id')
      .notNull()
      .references(() => rooms.id),
    position: sequence('position').notNull(),
    /** When the user first read it. The earliest of a user's: what came before is nothing the user has missed, in any room. */
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.roomId] })],
);

/** Of the release before `outbox_entries`: no longer written or read. A later release drops it. */
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
 * What other services are told of messages, written in the message's transaction; the relay delivers each entry until it is taken.
 * There is at most one per message, kind and person: an entry tells the message as it is now, so a later change renews it.
 */
export const entries = chat.table(
  'outbox_entries',
  {
    /** Names the delivery to who receives it, for good: nobody can guess it. */
    id: uuid('id').primaryKey().defaultRandom(),
    kind: text('kind', { enum: ['mention', 'correction', 'retraction', 'file'] }).notNull(),
    messageId: uuid('message_id').notNull(),
    /** Of a mention whom it is for, else the message's author. */
    userId: text('user_id').notNull(),
    /** The message's change that the entry tells. */
    seq: sequence('seq').notNull(),
    /** Of a correction: whom the message still mentions. */
    mentioned: jsonb('mentioned').$type<string[]>(),
    /** Of a file: which. */
    fileId: text('file_id'),
    createdAt: instant('created_at').notNull().defaultNow(),
    attempts: integer('attempts').notNull().default(0),
    nextAttemptAt: instant('next_attempt_at').notNull().defaultNow(),
    deliveredAt: instant('delivered_at'),
    /** Of a mention: since when the user has read the message, then when to tell the notification service again. Null: not read yet. */
    readDueAt: instant('read_due_at'),
    /** When the notification service has marked it as read. */
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
