/** Decisions about notifications, without I/O. */
import { Failure } from '@parley/kit/errors/errors';
import type { Proof } from '@parley/kit/identity/identity';
import type { NewNotification, Notification } from './notification.ts';

/** What a key of a creation remembers of it. */
export interface Creation {
  readonly id: string;
  readonly userId: string;
  readonly fromUser: string | null;
  readonly createdAt: Date;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a notification could have this id at all. */
export const isNotificationId = (text: string): boolean => UUID.test(text);

/** Who creates a notification: names the creator's own keys and rate. */
export interface Creator {
  readonly id: string;
  /** A service of the suite, which bounds by itself what it creates. */
  readonly isService: boolean;
}

/**
 * Who creates it. In open mode whoever it says: its sender, or without one its own user. With a proof a service, for anyone; or a person
 * for themself, but not in the system's name.
 * @throws {Failure} `forbidden`
 */
export const creatorOf = ({ from_user, user_id, notif_type }: NewNotification, proof: Proof | undefined): Creator => {
  if (!proof) return { id: `anyone:${from_user ?? user_id}`, isService: false };
  if (proof.isService) return { id: `service:${proof.userId}`, isService: true };
  if (user_id !== proof.userId || (from_user ?? user_id) !== proof.userId)
    throw new Failure(
      'forbidden',
      'You may create notifications for yourself only; mention someone in chat to notify them',
    );
  if (notif_type === 'system')
    throw new Failure('forbidden', 'Only a service of the suite may create a `system` notification');
  return { id: `user:${proof.userId}`, isService: false };
};

/** Controls, line ends, and marks that turn the reading direction of what is around them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this finds
const NOT_PLAIN = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]+/g;

/** A title as one line of plain text. @throws {Failure} `invalid_input` when nothing is left of it */
const plainTitle = (title: string): string => {
  const plain = title.replace(NOT_PLAIN, ' ').trim();
  if (plain === '') throw new Failure('invalid_input', 'body title: it needs a character that can be seen');
  return plain;
};

/** A new notification. @param createdAt when, in ms since 1970; its id begins with it */
export const compose = (asked: NewNotification, createdAt: number): Notification => ({
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
 * The answer to a creation whose key was used before: the notification as it is now, or as it was created if it is gone.
 * @throws {Failure} `idempotency_key_taken` when the key is another user's or sender's: its notification is not shown to them
 */
export const replay = (first: Creation, current: Notification | undefined, asked: Notification): Notification => {
  if (first.userId !== asked.user_id || first.fromUser !== asked.from_user) throw new Failure('idempotency_key_taken');
  return current ?? { ...asked, id: first.id, created_at: first.createdAt.toISOString() };
};

/** `true`, `1`, `yes` and the like, in any case, as Python clients write them. */
export const isTrue = (text: string): boolean => /^(true|t|yes|y|on|1)$/i.test(text);

const DAY_MS = 86_400_000;

/** What dates from before this time (ms since 1970) has expired. */
export const expiryOf = (nowMs: number, retentionDays: number): number => nowMs - retentionDays * DAY_MS;
