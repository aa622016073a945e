/** The REST side of messages' changes: what was deleted or edited away is gone from notifications. For chat, which knows. */
import { errorAnswers } from '@parley/kit/error-answers';
import type { Identity } from '@parley/kit/identity';
import { Elysia } from 'elysia';
import type { Announcer } from '../notifications/announcer.ts';
import type { PushSender } from '../push/sender.ts';
import { Applied, Deletion, Edit, OfMessage } from './change.ts';
import type { Effect, MessageStore } from './store.ts';

export interface MessageRoutesParts {
  readonly messages: MessageStore;
  readonly announcer: Announcer;
  /** Absent: Web Push is off. */
  readonly push?: PushSender | undefined;
  readonly identity: Identity;
  /** Ms since 1970. */
  readonly clock: () => number;
}

const errors = errorAnswers('invalid_json', 'invalid_input', 'unauthenticated', 'forbidden', 'storage_unavailable');
const tags = ['messages'];

export const messageRoutes = ({ messages, announcer, push, identity, clock }: MessageRoutesParts) => {
  const tell = ({ removed, corrected }: Effect) => {
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
    .put(
      '/notifications/messages/:message_id',
      async ({ params: { message_id: id }, body, request }) => {
        await identity.requireService(request.headers);
        return tell(await messages.edit(id.toLowerCase(), body, new Date(clock())));
      },
      {
        params: OfMessage,
        body: Edit,
        response: { 200: Applied, ...errors },
        detail: {
          summary: 'A message was edited',
          description:
            'Mentions of it get its text; those of people whom it no longer mentions are deleted. With `AUTH_SECRET` for services only.',
          tags,
        },
      },
    )
    .delete(
      '/notifications/messages/:message_id',
      async ({ params: { message_id: id }, query: { seq }, request }) => {
        await identity.requireService(request.headers);
        return tell(await messages.remove(id.toLowerCase(), seq, new Date(clock())));
      },
      {
        params: OfMessage,
        query: Deletion,
        response: { 200: Applied, ...errors },
        detail: {
          summary: 'A message was deleted',
          description:
            'Its notifications are deleted, and none is created any more, also where its creation comes later. With `AUTH_SECRET` for ' +
            'services only.',
          tags,
        },
      },
    );
};
