/** The REST side of Web Push. Without VAPID keys every route answers `push_disabled`. */
import { errorAnswers } from '@parley/kit/error-answers';
import { Failure } from '@parley/kit/errors';
import type { Identity } from '@parley/kit/identity';
import { Elysia, t } from 'elysia';
import { type EndpointPolicy, isAllowedEndpoint } from './addresses.ts';
import { isAuthSecret, isBrowserKey } from './rules.ts';
import type { SubscriptionStore } from './store.ts';
import { GoneSubscription, NewSubscription } from './subscription.ts';

export interface PushRoutesParts {
  /** The operator's VAPID public key; absent: Web Push is off. */
  readonly publicKey?: string | undefined;
  readonly policy: EndpointPolicy;
  readonly subscriptions: SubscriptionStore;
  readonly identity: Identity;
  /** Ms since 1970. */
  readonly clock: () => number;
}

/** Beside the document: the gateway hands these out where it has the document, not where the notifications are. */
const common = { tags: ['push'], servers: [{ url: '.' }] };

const EXAMPLE_KEY = 'BLc4xRzKlKORKWlbdgFaBrrPK3ydWAHo4M0gs0i1oEKgPpWC5cW8OCzVrOQRv-1npXRWk8udnW3oYhIO4475rds';

const PublicKey = t.Object(
  { public_key: t.String({ description: "The browser's `applicationServerKey`, base64url", examples: [EXAMPLE_KEY] }) },
  { description: 'The key', examples: [{ public_key: EXAMPLE_KEY }] },
);
const Subscribed = t.Object(
  { status: t.Literal('subscribed', { description: 'Always subscribed', examples: ['subscribed'] }) },
  { description: 'The browser is subscribed', examples: [{ status: 'subscribed' }] },
);
const Unsubscribed = t.Object(
  { status: t.Literal('unsubscribed', { description: 'Always unsubscribed', examples: ['unsubscribed'] }) },
  { description: 'The browser is not subscribed', examples: [{ status: 'unsubscribed' }] },
);

const bodyErrors = errorAnswers(
  'invalid_json',
  'invalid_input',
  'too_large',
  'unauthenticated',
  'forbidden',
  'push_disabled',
  'storage_unavailable',
);

export const pushRoutes = ({ publicKey, policy, subscriptions, identity, clock }: PushRoutesParts) => {
  const requireEnabled = (): string => {
    if (publicKey === undefined) throw new Failure('push_disabled');
    return publicKey;
  };

  return new Elysia({ name: 'push' })
    .get('/push/key', () => ({ public_key: requireEnabled() }), {
      response: { 200: PublicKey, ...errorAnswers('push_disabled') },
      detail: {
        summary: 'The key to subscribe with',
        description: 'For `pushManager.subscribe({userVisibleOnly: true, applicationServerKey})`.',
        ...common,
      },
    })
    .post(
      '/push/subscriptions',
      async ({ body, request, status }) => {
        requireEnabled();
        await identity.requireUser(request.headers, body.user_id);
        checkSubscription(body, policy);
        await subscriptions.save(body, new Date(clock()));
        return status(201, { status: 'subscribed' as const });
      },
      {
        body: NewSubscription,
        response: { 201: Subscribed, ...bodyErrors },
        detail: {
          summary: 'Subscribe a browser',
          description:
            "The user's mentions are pushed to it from now on, as JSON `{id, title, body, notif_type, room_id, from_user, " +
            'message_id, position}`, title and ' +
            'body shortened. A browser belongs to the user who subscribed it last; a user has at most 10, the newest.',
          ...common,
        },
      },
    )
    .delete(
      '/push/subscriptions',
      async ({ body: { user_id, endpoint }, request }) => {
        requireEnabled();
        await identity.requireUser(request.headers, user_id);
        await subscriptions.remove(user_id, endpoint);
        return { status: 'unsubscribed' as const };
      },
      {
        body: GoneSubscription,
        response: { 200: Unsubscribed, ...bodyErrors },
        detail: { summary: 'Unsubscribe a browser', description: 'Fine when it was not subscribed, too.', ...common },
      },
    );
};

/** @throws {Failure} `invalid_input` */
const checkSubscription = ({ endpoint, keys }: NewSubscription, policy: EndpointPolicy): void => {
  if (!isAllowedEndpoint(endpoint, policy))
    throw new Failure('invalid_input', 'body endpoint: a push endpoint is an https URL at a public address');
  if (!isBrowserKey(keys.p256dh)) throw new Failure('invalid_input', 'body keys.p256dh: not a point of P-256');
  if (!isAuthSecret(keys.auth)) throw new Failure('invalid_input', 'body keys.auth: not 16 bytes in base64url');
};
