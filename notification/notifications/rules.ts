/** What a notification is, and how one is made of what a client asks for. Pure. */
import { Failure } from '@parley/kit/errors/failure';
import { RoomId, storableText, Time, UserId } from '@parley/kit/text/text';
import { t } from 'elysia';
import { errors } from '../errors.ts';

/** In UTF-16 units: a message of 8,000 characters takes at most 16,000. */
const MAX_BODY_UNITS = 20_000;
const MAX_TITLE_UNITS = 500;

export const exampleNotification = {
  id: '019c1346-2200-7000-8000-5f1d3c2b1a00',
  user_id: 'alice',
  title: 'Bob mentioned you',
  body: '@alice have a look at the build?',
  notif_type: 'mention' as const,
  room_id: 'general',
  from_user: 'bob',
  message_id: '019c1346-21ff-7000-8000-3b9aca001234',
  position: 5046,
  read: false,
  created_at: '2026-01-31T12:00:00.000Z',
};

const NotifType = t.UnionEnum(['message', 'mention', 'system'], {
  default: 'message',
  description: '`mention` is also pushed to subscribed browsers',
  examples: ['mention'],
});

export const NotificationId = t.String({
  description: 'The id of a notification, a UUID of version 7: ids sort by time of creation',
  examples: [exampleNotification.id],
});

const Title = storableText(MAX_TITLE_UNITS, {
  minLength: 1,
  description: 'The headline: 1 to 500 characters',
  examples: [exampleNotification.title],
});
export const Body = storableText(MAX_BODY_UNITS, {
  description: 'The text: up to 20,000 characters, may be empty',
  examples: [exampleNotification.body],
});
const Room = t.Union([RoomId, t.Null()], { description: 'The room it is about', examples: ['general'] });
const Sender = t.Union([UserId, t.Null()], {
  description: 'Whose doing it is; null for the system',
  examples: ['bob'],
});

const MessageId = t.Union([t.String({ format: 'uuid' }), t.Null()], {
  description: 'The message it is about; null when it is about none',
  examples: [exampleNotification.message_id],
});
const Position = t.Union([t.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }), t.Null()], {
  description: "That message's `position` in its room; null when it is about none",
  examples: [exampleNotification.position],
});

export const NewNotification = t.Object(
  {
    user_id: UserId,
    title: Title,
    body: Body,
    notif_type: t.Optional(NotifType),
    room_id: t.Optional(Room),
    from_user: t.Optional(Sender),
    message_id: t.Optional(MessageId),
    position: t.Optional(Position),
    message_seq: t.Optional(
      t.Integer({
        minimum: 0,
        maximum: Number.MAX_SAFE_INTEGER,
        description: 'The `seq` of the message as this tells it: refused when a newer change of the message is known',
        examples: [exampleNotification.position],
      }),
    ),
  },
  {
    description: 'A notification for `user_id`',
    examples: [
      {
        user_id: 'alice',
        title: 'Bob mentioned you',
        body: '@alice have a look at the build?',
        notif_type: 'mention',
        room_id: 'general',
        from_user: 'bob',
        message_id: exampleNotification.message_id,
        position: exampleNotification.position,
      },
    ],
  },
);
export type NewNotification = typeof NewNotification.static;

export const Notification = t.Object(
  {
    id: NotificationId,
    user_id: UserId,
    title: Title,
    body: Body,
    notif_type: NotifType,
    room_id: Room,
    from_user: Sender,
    message_id: MessageId,
    position: Position,
    read: t.Boolean({ description: 'Whether its user has read it', examples: [false] }),
    created_at: Time,
  },
  { description: 'The notification', examples: [exampleNotification] },
);
export type Notification = typeof Notification.static;

/** What is stored with an idempotency key about the notification that it created. */
export interface Creation {
  readonly id: string;
  readonly userId: string;
  readonly fromUser: string | null;
  readonly createdAt: Date;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a text has the form of an id. */
export const isNotificationId = (text: string): boolean => UUID.test(text);

/** Control characters, line ends, and marks that change the reading direction of the text around them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this finds
const NOT_PLAIN = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]+/g;

/** A title as one line of plain text. @throws {Failure} `invalid_input` when it has no visible character */
const plainTitle = (title: string): string => {
  const plain = title.replace(NOT_PLAIN, ' ').trim();
  if (plain === '') throw new Failure(errors.invalid_input, 'body title: it needs a character that can be seen');
  return plain;
};

/** A new notification. @param createdAt ms since 1970; the id begins with it */
export const newNotification = (asked: NewNotification, createdAt: number): Notification => ({
  id: Bun.randomUUIDv7('hex', createdAt),
  user_id: asked.user_id,
  title: plainTitle(asked.title),
  body: asked.body,
  notif_type: asked.notif_type ?? 'message',
  room_id: asked.room_id ?? null,
  from_user: asked.from_user ?? null,
  message_id: asked.message_id?.toLowerCase() ?? null,
  position: asked.position ?? null,
  read: false,
  created_at: new Date(createdAt).toISOString(),
});

/**
 * The answer to a creation whose key was used before: the notification as it is now, or as it was created when it is deleted.
 * @throws {Failure} `idempotency_key_taken` when the key created a notification of another user or sender, which must not be disclosed
 */
export const replay = (first: Creation, current: Notification | undefined, asked: Notification): Notification => {
  if (first.userId !== asked.user_id || first.fromUser !== asked.from_user)
    throw new Failure(errors.idempotency_key_taken);
  return current ?? { ...asked, id: first.id, created_at: first.createdAt.toISOString() };
};
