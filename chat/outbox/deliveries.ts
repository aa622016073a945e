/** The call that delivers an entry of the outbox, and what the service's answer means for it. */
import { deleteFile } from '@parley/client/api/file';
import { applyMessageDeletion, applyMessageEdit, createNotification } from '@parley/client/api/notification';
import type { Call } from '@parley/client/http';
import { withoutSpoilers } from '../markup/hidden.ts';
import type { Entry } from './outbox.ts';

const MAX_BODY_CHARACTERS = 1_000;

/** The start of a message's text, with spoilers masked. A surrogate pair at the cut is dropped as a whole. */
const excerptOf = ({ content }: Entry): string =>
  withoutSpoilers(content)
    .slice(0, MAX_BODY_CHARACTERS)
    .replace(/[\ud800-\udbff]$/, '');

/** A mention as the notification API takes it. */
const toNotification = (entry: Entry) => ({
  user_id: entry.userId,
  title: `${entry.username} mentioned you`,
  body: excerptOf(entry),
  notif_type: 'mention' as const,
  room_id: entry.roomId,
  from_user: entry.fromUser,
  message_id: entry.messageId,
  position: entry.position,
  message_seq: entry.seq,
});

/** A call that delivers an entry. */
type Delivery = (call: Call) => Promise<unknown>;

/** @returns undefined when nothing has to be delivered: a file that has no id, or that a message still refers to */
export const deliveryOf = (entry: Entry): Delivery | undefined => {
  const { kind, id, messageId: message_id, seq, userId: user_id, fileId, isFileUsed } = entry;
  switch (kind) {
    case 'mention':
      // One key per mention: a repeated delivery, also after an edit, creates no second notification.
      return (call) => call(createNotification, { ...toNotification(entry), 'idempotency-key': `mention:${id}` });
    case 'correction': {
      const edit = { message_id, seq, user_ids: [...(entry.mentioned ?? [])], body: excerptOf(entry) };
      return (call) => call(applyMessageEdit, edit);
    }
    case 'retraction':
      return (call) => call(applyMessageDeletion, { message_id, seq });
    case 'file':
      return isFileUsed || fileId === null ? undefined : (call) => call(deleteFile, { id: fileId, user_id });
  }
};

/**
 * What a status means for an entry. `refused`: a retry can't change it, because the request is malformed, the service knows a newer change
 * of the message, or the uploader has no such file. `retried`: anything else, such as the 404 of an older release without the route.
 */
export const verdictOf = ({ kind }: Entry, status: number): 'delivered' | 'refused' | 'retried' => {
  if (status >= 200 && status < 300) return 'delivered';
  const isFinal = [400, 409, 422].includes(status) || (kind === 'file' && [403, 404].includes(status));
  return isFinal ? 'refused' : 'retried';
};
