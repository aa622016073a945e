/** What a push subscription is, what a browser is sent, and what a push service's answer means. Pure. */
import { createECDH } from 'node:crypto';
import { UserId } from '@parley/kit/text/text';
import { t } from 'elysia';
import type { Notification } from '../notifications/rules.ts';

/** Endpoints of the known push services are under 600. */
const MAX_ENDPOINT_CHARACTERS = 1_000;

export const exampleSubscription = {
  user_id: 'alice',
  endpoint: 'https://push.example.org/wpush/v2/gAAAAABl',
  keys: {
    p256dh: 'BLc4xRzKlKORKWlbdgFaBrrPK3ydWAHo4M0gs0i1oEKgPpWC5cW8OCzVrOQRv-1npXRWk8udnW3oYhIO4475rds',
    auth: '5I2Bu2oKdyy9CwL8QVF0NQ',
  },
};

export const Endpoint = t.String({
  // Printable ASCII only. `isAllowedEndpoint` decides which of these URLs are accepted.
  pattern: '^https?://[\\x21-\\x7e]+$',
  maxLength: MAX_ENDPOINT_CHARACTERS,
  description: "The push service's URL for this browser: https, at a public address",
  examples: [exampleSubscription.endpoint],
});

export const NewSubscription = t.Object(
  {
    user_id: UserId,
    endpoint: Endpoint,
    keys: t.Object(
      {
        p256dh: t.String({
          pattern: '^[A-Za-z0-9_-]{87}=?$',
          description: "The browser's public key: an uncompressed P-256 point in base64url",
          examples: [exampleSubscription.keys.p256dh],
        }),
        auth: t.String({
          pattern: '^[A-Za-z0-9_-]{22}(==)?$',
          description: "The browser's authentication secret: 16 bytes in base64url",
          examples: [exampleSubscription.keys.auth],
        }),
      },
      { description: 'What the payload is encrypted for (RFC 8291)', examples: [exampleSubscription.keys] },
    ),
  },
  {
    description: '`{user_id, ...subscription.toJSON()}` in the browser; further fields are ignored',
    examples: [exampleSubscription],
  },
);
export type NewSubscription = typeof NewSubscription.static;

export const GoneSubscription = t.Object(
  { user_id: UserId, endpoint: Endpoint },
  { examples: [{ user_id: exampleSubscription.user_id, endpoint: exampleSubscription.endpoint }] },
);

/** What is needed to push to a browser: its address, and the keys to encrypt for. */
export type Subscription = Pick<NewSubscription, 'endpoint' | 'keys'>;

/** A payload is one encrypted record of at most 3,993 bytes. Texts of these lengths fit even when JSON escapes every character. */
const MAX_TITLE_CHARACTERS = 100;
const MAX_BODY_CHARACTERS = 400;

const AUTH_BYTES = 16;

/** What the answer of a push service means for the subscription. `gone`: delete it. */
export type Outcome = 'delivered' | 'gone' | 'refused' | 'failed';

export const outcomeOf = (status: number): Outcome => {
  if (status >= 200 && status < 300) return 'delivered';
  if (status === 404 || status === 410) return 'gone';
  return status >= 400 && status < 500 ? 'refused' : 'failed';
};

/** A text cut to `limit` characters (code points), of which the last is an ellipsis when it was cut. */
export const shorten = (text: string, limit: number): string => {
  const characters = [...text.slice(0, 2 * limit + 2)];
  return characters.length <= limit ? text : `${characters.slice(0, limit - 1).join('')}…`;
};

/** The payload for the browser's service worker, as JSON. @param change `corrected` replaces a notification that it may show already */
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

/** The payload that removes a notification from the browser. */
export const retractionOf = ({ id, room_id, message_id, position }: Notification): string =>
  JSON.stringify({ id, room_id, message_id, position, change: 'retracted' });

/**
 * The topic of a push (RFC 8030, 5.4): for an offline browser the push service keeps only the newest push of a topic. At most 32
 * characters of base64url.
 */
export const topicOf = ({ id }: Notification): string => id.replaceAll('-', '');

/** The host of the push service that a subscription's endpoint belongs to. */
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
