/** The routes of Web Push. Without VAPID keys each of them answers `push_disabled`. */
import { routeOf } from '@parley/kit/contract/contract';
import { Failure } from '@parley/kit/errors/failure';
import type { Identity } from '@parley/kit/identity/identity';
import { Elysia } from 'elysia';
import { getPushKey, subscribeToPush, unsubscribeFromPush } from '../contract.ts';
import { errors } from '../errors.ts';
import { type EndpointPolicy, isAllowedEndpoint } from './addresses.ts';
import { isAuthSecret, isBrowserKey, type NewSubscription } from './rules.ts';
import type { SubscriptionStore } from './store.ts';

export interface PushRoutesDeps {
  /** The operator's VAPID public key; absent when Web Push is off. */
  readonly publicKey?: string | undefined;
  readonly policy: EndpointPolicy;
  readonly subscriptions: SubscriptionStore;
  readonly identity: Identity;
  /** Ms since 1970. */
  readonly clock: () => number;
}

export const pushRoutes = ({ publicKey, policy, subscriptions, identity, clock }: PushRoutesDeps) => {
  const requireEnabled = (): string => {
    if (publicKey === undefined) throw new Failure(errors.push_disabled);
    return publicKey;
  };

  return new Elysia({ name: 'push' })
    .route(getPushKey.method, getPushKey.path, () => ({ public_key: requireEnabled() }), routeOf(getPushKey))
    .route(
      subscribeToPush.method,
      subscribeToPush.path,
      async ({ body, request, status }) => {
        requireEnabled();
        await identity.requireUser(request.headers, body.user_id);
        checkSubscription(body, policy);
        await subscriptions.save(body, new Date(clock()));
        return status(201, { status: 'subscribed' as const });
      },
      routeOf(subscribeToPush),
    )
    .route(
      unsubscribeFromPush.method,
      unsubscribeFromPush.path,
      async ({ body: { user_id, endpoint }, request }) => {
        requireEnabled();
        await identity.requireUser(request.headers, user_id);
        await subscriptions.remove(user_id, endpoint);
        return { status: 'unsubscribed' as const };
      },
      routeOf(unsubscribeFromPush),
    );
};

/** @throws {Failure} `invalid_input` */
const checkSubscription = ({ endpoint, keys }: NewSubscription, policy: EndpointPolicy): void => {
  if (!isAllowedEndpoint(endpoint, policy))
    throw new Failure(errors.invalid_input, 'body endpoint: a push endpoint is an https URL at a public address');
  if (!isBrowserKey(keys.p256dh)) throw new Failure(errors.invalid_input, 'body keys.p256dh: not a point of P-256');
  if (!isAuthSecret(keys.auth)) throw new Failure(errors.invalid_input, 'body keys.auth: not 16 bytes in base64url');
};
