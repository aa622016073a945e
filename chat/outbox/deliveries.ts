/** Which call delivers an entry of the outbox to the service that it is for, and what the answer means. */
import { deleteFile } from '@parley/client/api/file';
import { applyMessageDeletion, applyMessageEdit, createNotification } from '@parley/client/api/notification';
import type { Call } from '@parley/client/http';
import { withoutSpoilers } from '../markup/hidden.ts';
import type { Entry } from './outbox.ts';

const MAX_BODY_CHARACTERS = 1_000;

/**
 * The start of a message's text, without what its author hid. A character outside the basic plane is two units: the first half alone
 * is none.
 */
const excerptOf = ({ content }: Entry): string =>
  withoutSpoilers(content)
    .slice(0, MAX_BODY_CHARACTERS)
    .replace(/[\ud800-\udbff]$/, '');

/** A mention as the notification API takes it. The words are those of the seed's page. */
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

/** @returns undefined when there is nothing to deliver after all */
export const deliveryOf = (entry: Entry): Delivery | undefined => {
  const { kind, id, messageId: message_id, seq, userId: user_id, fileId, isFileUsed } = entry;
  switch (kind) {
    case 'mention':
      // The key of a mention stays the same, however often it is posted and whatever its message says by then.
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
 * What an answer means: `delivered`; `refused`, which trying again can't change (it is malformed, or the service knows a newer change of
 * the message; of a file, there is none of this uploader); `retried` for anything else, also an older release that lacks the route.
 */
export const verdictOf = ({ kind }: Entry, status: number): 'delivered' | 'refused' | 'retried' => {
  if (status >= 200 && status < 300) return 'delivered';
  const isFinal = [400, 409, 422].includes(status) || (kind === 'file' && [403, 404].includes(status));
  return isFinal ? 'refused' : 'retried';
};
