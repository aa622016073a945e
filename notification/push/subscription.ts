/** The noun: a browser's Web Push subscription, as its own `PushSubscription.toJSON()` has it, and whose it is. */
import { UserId } from '@parley/kit/text/text';
import { t } from 'elysia';

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
  // Printable ASCII: what a URL is made of. Which URLs are allowed is for the rules.
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

/** Where to push to, and for whom it is encrypted. */
export type Subscription = Pick<NewSubscription, 'endpoint' | 'keys'>;
