/** The routes by which chat reports edited and deleted messages, so that their notifications are corrected and removed. */
import { routeOf } from '@parley/kit/contract/contract';
import type { Identity } from '@parley/kit/identity/identity';
import { Elysia } from 'elysia';
import { applyMessageDeletion, applyMessageEdit } from '../contract.ts';
import type { Announcer } from '../notifications/announcer.ts';
import type { Pusher } from '../notifications/pusher.ts';
import type { Effect, MessageStore } from './store.ts';

export interface MessageRoutesDeps {
  readonly messages: MessageStore;
  readonly announcer: Announcer;
  /** Absent when Web Push is off. */
  readonly push?: Pusher | undefined;
  readonly identity: Identity;
  /** Ms since 1970. */
  readonly clock: () => number;
}

export const messageRoutes = ({ messages, announcer, push, identity, clock }: MessageRoutesDeps) => {
  const announce = ({ removed, corrected }: Effect) => {
    for (const { notification, wasPushed } of removed) {
      announcer.announceRemoved(notification);
      if (wasPushed) push?.retract(notification);
    }
    for (const { notification, wasPushed } of corrected) {
      announcer.announceChanged(notification);
      if (wasPushed) push?.correct(notification);
    }
    return { status: 'ok' as const };
  };

  return new Elysia({ name: 'messages' })
    .route(
      applyMessageEdit.method,
      applyMessageEdit.path,
      async ({ params: { message_id: id }, body, request }) => {
        await identity.requireService(request.headers);
        return announce(await messages.edit(id.toLowerCase(), body, new Date(clock())));
      },
      routeOf(applyMessageEdit),
    )
    .route(
      applyMessageDeletion.method,
      applyMessageDeletion.path,
      async ({ params: { message_id: id }, query: { seq }, request }) => {
        await identity.requireService(request.headers);
        return announce(await messages.remove(id.toLowerCase(), seq, new Date(clock())));
      },
      routeOf(applyMessageDeletion),
    );
};
