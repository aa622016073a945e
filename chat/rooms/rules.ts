/** The schemas of rooms, of the people known to them, and of unread counts. */
import { RoomId, storableText, UserId, UserName, visibleText } from '@parley/kit/text/text';
import { t } from 'elysia';

export const MAX_ROOMS = 1_000;

export const RoomName = storableText(100, {
  minLength: 1,
  description: 'The name that people see',
  examples: ['# general'],
});
export const RoomDescription = storableText(500, {
  description: 'What the room is for',
  examples: ['General discussion — everyone welcome'],
});

export const Room = t.Object(
  {
    id: RoomId,
    name: RoomName,
    description: t.Nullable(RoomDescription),
    last_seq: t.Integer({ description: 'The number of the room’s last change', examples: [42] }),
  },
  {
    description: 'A room',
    examples: [
      { id: 'general', name: '# general', description: 'General discussion — everyone welcome', last_seq: 42 },
    ],
  },
);
export type Room = typeof Room.static;

/** Stricter than `RoomName`: rooms of earlier releases may have a name of invisible characters. */
const NewRoomName = visibleText(100, {
  description: 'The name that people see: up to 100 characters, not all of them invisible',
  examples: ['# design'],
});

/** Stricter than `RoomId`: rooms of earlier releases may have an id of signs alone. In a path `.` and `..` are directories. */
const NewRoomId = t.String({
  pattern: '^[._-]{0,49}[A-Za-z0-9][A-Za-z0-9._-]{0,49}$',
  maxLength: 50,
  description:
    'The new room’s id: 1 to 50 letters, digits, dots, underscores or hyphens, at least one a letter or digit. Ids differ by more than case',
  examples: ['design'],
});

export const NewRoom = t.Object(
  { id: NewRoomId, name: NewRoomName, description: t.Optional(t.Nullable(RoomDescription)) },
  {
    description: 'The room to create',
    examples: [{ id: 'design', name: '# design', description: 'How it looks and feels' }],
  },
);
export type NewRoom = typeof NewRoom.static;

export const KnownPerson = t.Object(
  { user_id: UserId, username: UserName },
  { description: 'A person known to a room', examples: [{ user_id: 'alice', username: 'alice' }] },
);
export type KnownPerson = typeof KnownPerson.static;

export const Mentionable = t.Object(
  {
    user_id: UserId,
    username: UserName,
    mention: t.String({
      description: 'Write this behind an `@` to mention the person: the name, or the id if others have the same name',
      examples: ['alice'],
    }),
  },
  {
    description: 'A person, and the text that mentions them',
    examples: [{ user_id: 'alice', username: 'alice', mention: 'alice' }],
  },
);
export type Mentionable = typeof Mentionable.static;

export const Unread = t.Object(
  {
    room_id: RoomId,
    unread: t.Integer({
      description:
        'Messages of others after the read position, at most 100; in a room that was never read, since the user first read any room',
      examples: [3],
    }),
    read_position: t.Integer({ description: 'The position up to which the user has read; 0: never', examples: [39] }),
    last_seq: t.Integer({ description: 'The last change in the room that is counted here', examples: [42] }),
  },
  { examples: [{ room_id: 'general', unread: 3, read_position: 39, last_seq: 42 }] },
);
export type Unread = typeof Unread.static;
