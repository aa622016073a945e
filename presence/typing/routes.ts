/** Typing over HTTP: start, stop, who is typing in a room. */
import { errorAnswers } from '@parley/kit/error-answers';
import type { Identity } from '@parley/kit/identity';
import { UserId, UserName } from '@parley/kit/text';
import { Elysia, t } from 'elysia';
import { TypingRoomId, Typist } from './rules.ts';
import { MAX_TYPISTS, type TypingStore } from './store.ts';

export interface TypingOptions {
  readonly typing: TypingStore;
  readonly identity: Identity;
}

const tags = ['typing'];

const UserParams = t.Object({ user_id: UserId });

const Ok = t.Object(
  { status: t.Literal('ok', { description: 'Always ok', examples: ['ok'] }) },
  { description: 'Taken', examples: [{ status: 'ok' }] },
);

const Typists = t.Array(Typist, {
  description: `Who is typing in the room, ${MAX_TYPISTS} at most`,
  examples: [Typist.examples],
});

export const typingRoutes = ({ typing, identity }: TypingOptions) => {
  const acting = errorAnswers('invalid_input', 'unauthenticated', 'forbidden', 'presence_unavailable');

  return new Elysia({ name: 'typing' })
    .post(
      '/presence/:user_id/typing',
      async ({ params: { user_id }, query: { room_id, username = user_id }, request }) => {
        await identity.requireUser(request.headers, user_id);
        await typing.start(room_id, user_id, username);
        return { status: 'ok' as const };
      },
      {
        params: UserParams,
        query: t.Object({ room_id: TypingRoomId, username: t.Optional(UserName) }),
        response: { 200: Ok, ...acting },
        detail: {
          summary: 'Start typing',
          description:
            'Holds for 5 seconds: repeat while typing goes on. Without a `username` the person goes by their id.',
          tags,
        },
      },
    )
    .delete(
      '/presence/:user_id/typing',
      async ({ params: { user_id }, query: { room_id }, request }) => {
        await identity.requireUser(request.headers, user_id);
        await typing.stop(room_id, user_id);
        return { status: 'ok' as const };
      },
      {
        params: UserParams,
        query: t.Object({ room_id: TypingRoomId }),
        response: { 200: Ok, ...acting },
        detail: { summary: 'Stop typing', description: 'Safe to repeat.', tags },
      },
    )
    .get(
      '/presence/rooms/:room_id/typing',
      async ({ params: { room_id }, request }) => {
        await identity.requireAnyone(request.headers);
        return typing.list(room_id);
      },
      {
        params: t.Object({ room_id: TypingRoomId }),
        response: { 200: Typists, ...errorAnswers('invalid_input', 'unauthenticated', 'presence_unavailable') },
        detail: {
          summary: 'List who is typing in a room',
          description: 'Those who go on longest first. A room that nobody types in, or that does not exist, is empty.',
          tags,
        },
      },
    );
};
