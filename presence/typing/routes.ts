/** Routes of typing: start, stop, who is typing in a room. */
import { routeOf } from '@parley/kit/contract/contract';
import type { Identity } from '@parley/kit/identity/identity';
import { Elysia } from 'elysia';
import { listTyping, startTyping, stopTyping } from '../contract.ts';
import type { TypingStore } from './store.ts';

export interface TypingRoutesDeps {
  readonly typing: TypingStore;
  readonly identity: Identity;
}

export const typingRoutes = ({ typing, identity }: TypingRoutesDeps) =>
  new Elysia({ name: 'typing' })
    .route(
      startTyping.method,
      startTyping.path,
      async ({ params: { user_id }, query: { room_id, username = user_id }, request }) => {
        await identity.requireUser(request.headers, user_id);
        await typing.start(room_id, user_id, username);
        return { status: 'ok' as const };
      },
      routeOf(startTyping),
    )
    .route(
      stopTyping.method,
      stopTyping.path,
      async ({ params: { user_id }, query: { room_id }, request }) => {
        await identity.requireUser(request.headers, user_id);
        await typing.stop(room_id, user_id);
        return { status: 'ok' as const };
      },
      routeOf(stopTyping),
    )
    .route(
      listTyping.method,
      listTyping.path,
      async ({ params: { room_id }, request }) => {
        await identity.requireAnyone(request.headers);
        return typing.list(room_id);
      },
      routeOf(listTyping),
    );
