/** How an entry of the outbox is told to the service that it is for. Pure. */
import { withoutSpoilers } from '../markup/hidden.ts';
import type { Entry } from './outbox.ts';

/** One HTTP request. */
export interface Delivery {
  readonly method: 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

export interface Services {
  readonly notificationUrl: string;
  readonly fileUrl: string;
}

const MAX_BODY_CHARACTERS = 1_000;
const JSON_TYPE = { 'content-type': 'application/json' };

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
  notif_type: 'mention',
  room_id: entry.roomId,
  from_user: entry.fromUser,
  message_id: entry.messageId,
  position: entry.position,
  message_seq: entry.seq,
});

/** `undefined`: there is nothing to tell after all. */
export const deliveryOf = (entry: Entry, { notificationUrl, fileUrl }: Services): Delivery | undefined => {
  const ofMessage = `${notificationUrl}/notifications/messages/${entry.messageId}`;
  switch (entry.kind) {
    case 'mention':
      return {
        method: 'POST',
        url: `${notificationUrl}/notifications`,
        // The same for the same mention, however often it is posted and whatever its message says by then.
        headers: { ...JSON_TYPE, 'idempotency-key': `mention:${entry.id}` },
        body: JSON.stringify(toNotification(entry)),
      };
    case 'correction': {
      const body = JSON.stringify({ seq: entry.seq, user_ids: entry.mentioned ?? [], body: excerptOf(entry) });
      return { method: 'PUT', url: ofMessage, headers: JSON_TYPE, body };
    }
    case 'retraction':
      return { method: 'DELETE', url: `${ofMessage}?seq=${entry.seq}`, headers: {} };
    case 'file': {
      if (entry.isFileUsed) return undefined;
      const query = new URLSearchParams({ user_id: entry.userId });
      return { method: 'DELETE', url: `${fileUrl}/${entry.fileId}?${query}`, headers: {} };
    }
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
