/** Decisions about notifications, without I/O. */
import { Failure } from '@parley/kit/errors';
import type { NewNotification, Notification } from './notification.ts';

/** What a key of a creation remembers of it, for good. */
export interface Creation {
  readonly id: string;
  readonly userId: string;
  readonly fromUser: string | null;
  readonly createdAt: Date;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a notification could have this id at all. */
export const isNotificationId = (text: string): boolean => UUID.test(text);

/** Who creates it: its sender, or without one its own user. */
export const creatorOf = ({ from_user, user_id }: NewNotification): string => from_user ?? user_id;

/** A new notification. @param createdAt when, in ms since 1970; its id begins with it */
export const compose = (asked: NewNotification, createdAt: number): Notification => ({
  id: Bun.randomUUIDv7('hex', createdAt),
  user_id: asked.user_id,
  title: asked.title,
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

/** Read notifications created before this time (ms since 1970) have expired. */
export const expiryOf = (nowMs: number, retentionDays: number): number => nowMs - retentionDays * DAY_MS;
