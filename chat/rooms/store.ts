/** Rooms, the people known to them, and how far each has read: all their SQL. */
import type { Database } from '@parley/kit/stores/database';
import { and, asc, eq, gt, like, or, sql } from 'drizzle-orm';
import { knownToRooms, rooms } from '../db/schema.ts';
import type { Person } from '../people.ts';
import { looseKey, nameKey, nameKeys } from '../people.ts';
import { type KnownPerson, MAX_ROOMS, type NewRoom, type Room, type Unread } from './rules.ts';

export interface MarkedRead {
  /** The position up to which the user has read the room now. */
  readonly position: number;
  /** True if mentions of the user were read by this: the notification service has to mark them as read. */
  readonly hasMentions: boolean;
}

export interface RoomStore {
  /** Rooms in the order of their creation, at most `limit`, after the room with the id `after`; none after an unknown id. */
  list(limit: number, after?: string): Promise<Room[]>;
  find(roomId: string): Promise<Room | undefined>;
  /** `undefined` when the id is taken, in whatever case. */
  create(room: NewRoom): Promise<Room | undefined>;
  /** Makes people known to a room. Nothing happens when the room doesn't exist. */
  know(roomId: string, people: readonly Person[]): Promise<void>;
  /** People known to the room whose name or id starts with `prefix`, by name. */
  knownPeople(roomId: string, prefix: string, limit: number): Promise<KnownPerson[]>;
  /** Moves a read position forward, never back and never beyond the room's end. `undefined`: there is no such room. */
  markRead(roomId: string, userId: string, position: number): Promise<MarkedRead | undefined>;
  /**
   * Unread counts: in rooms that the user has read, of messages since the read position; in other rooms, of messages since the user first
   * read any room, and only rooms that have such messages. Empty for a user who has read no room.
   */
  unread(userId: string): Promise<Unread[]>;
}

const UNREAD_CAP = 100;

const columns = { id: rooms.id, name: rooms.name, description: rooms.description, last_seq: rooms.lastSeq };

/** The LIKE pattern of texts that start with a key. @param key as `looseKey` or `nameKey` gives it */
export const startsWith = (key: string): string => `${key.replace(/[\\%_]/g, '\\$&')}%`;

export const createRoomStore = (database: Database): RoomStore => ({
  list: (limit, after) =>
    database.run((db) => {
      const last = db
        .select({ number: rooms.number })
        .from(rooms)
        .where(eq(rooms.id, after ?? ''));
      const isLater = after === undefined ? undefined : gt(rooms.number, sql`(${last})`);
      return db.select(columns).from(rooms).where(isLater).orderBy(asc(rooms.number)).limit(limit);
    }),

  find: async (roomId) => (await database.run((db) => db.select(columns).from(rooms).where(eq(rooms.id, roomId))))[0],

  create: async ({ id, name, description = null }) =>
    (
      await database.run((db) =>
        db
          .insert(rooms)
          .values({ id, idKey: id.toLowerCase(), name, description })
          .onConflictDoNothing()
          .returning(columns),
      )
    )[0],

  know: async (roomId, people) => {
    const rows = people.map(({ userId, username }) => ({
      user_id: userId,
      username,
      ...nameKeys({ userId, username }),
    }));
    await database.rows(
      sql`select chat.know_people(id, ${JSON.stringify(rows)}::jsonb) from chat.rooms where id = ${roomId}`,
    );
  },

  knownPeople: (roomId, prefix, limit) =>
    database.run((db) =>
      db
        .select({ user_id: knownToRooms.userId, username: knownToRooms.username })
        .from(knownToRooms)
        .where(
          and(
            eq(knownToRooms.roomId, roomId),
            or(
              like(knownToRooms.looseKey, startsWith(looseKey(prefix))),
              like(knownToRooms.idKey, startsWith(nameKey(prefix))),
            ),
          ),
        )
        .orderBy(asc(knownToRooms.nameKey), asc(knownToRooms.userId))
        .limit(limit),
    ),

  markRead: async (roomId, userId, position) => {
    const [row] = await database.rows<MarkedRead>(sql`
      select read_position::float8 as position, has_mentions as "hasMentions"
      from chat.mark_read(${userId}, ${roomId}, ${position}::bigint)`);
    return row;
  },

  unread: (userId) =>
    database.rows<Unread>(sql`
      select room_id, unread, read_position::float8 as read_position, last_seq::float8 as last_seq
      from chat.unread(${userId}, ${UNREAD_CAP}, ${MAX_ROOMS})`),
});
