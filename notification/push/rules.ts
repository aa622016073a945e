/** Decisions about Web Push, without I/O. */
import { createECDH } from 'node:crypto';
import type { Notification } from '../notifications/notification.ts';

/** One encrypted record holds 3,993 bytes of text; these cuts fit it in the worst case of escaping. */
const MAX_TITLE_CHARACTERS = 100;
const MAX_BODY_CHARACTERS = 400;

const AUTH_BYTES = 16;

/** What a push service's answer means for the subscription. */
export type Outcome = 'delivered' | 'gone' | 'refused' | 'failed';

export const outcomeOf = (status: number): Outcome => {
  if (status >= 200 && status < 300) return 'delivered';
  if (status === 404 || status === 410) return 'gone';
  return status >= 400 && status < 500 ? 'refused' : 'failed';
};

/** The first `limit` characters (code points), with an ellipsis in the last one's place when there are more. */
export const shorten = (text: string, limit: number): string => {
  const characters = [...text.slice(0, 2 * limit + 2)];
  return characters.length <= limit ? text : `${characters.slice(0, limit - 1).join('')}…`;
};

/** What the browser's service worker is given, as JSON. @param change of one that it may show already */
export const payloadOf = (notification: Notification, change?: 'corrected'): string => {
  const { id, title, body, notif_type, room_id, from_user, message_id, position } = notification;
  return JSON.stringify({
    id,
    title: shorten(title, MAX_TITLE_CHARACTERS),
    body: shorten(body, MAX_BODY_CHARACTERS),
    notif_type,
    room_id,
    from_user,
    message_id,
    position,
    ...(change && { change }),
  });
};

/** Tells the browser that a notification which it may show is gone. */
export const retractionOf = ({ id, room_id, message_id, position }: Notification): string =>
  JSON.stringify({ id, room_id, message_id, position, change: 'retracted' });

/** Of messages with one topic a push service keeps the last for a browser that is offline (RFC 8030, 5.4): 32 characters of base64url. */
export const topicOf = ({ id }: Notification): string => id.replaceAll('-', '');

/** Who answers for an endpoint. */
export const hostOf = (endpoint: string): string => new URL(endpoint).host;

/** Whether a browser's public key is a point of P-256, in base64url. */
export const isBrowserKey = (p256dh: string): boolean => {
  const ecdh = createECDH('prime256v1');
  ecdh.generateKeys();
  try {
    ecdh.computeSecret(Buffer.from(p256dh, 'base64url'));
    return true;
  } catch {
    return false;
  }
};

export const isAuthSecret = (auth: string): boolean => Buffer.from(auth, 'base64url').length === AUTH_BYTES;
