/** The schemas of typing. */
import { UserId, UserName } from '@parley/kit/text/text';
import { t } from 'elysia';

/** Less strict than chat's room ids, so that other programs can use ids of their own. */
export const TypingRoomId = t.String({
  format: 'name',
  minLength: 1,
  description: 'A room id: 1 to 100 characters, no control characters',
  examples: ['general'],
});

export const Typist = t.Object(
  { user_id: UserId, username: UserName, room_id: TypingRoomId },
  {
    description: 'Someone who is typing',
    examples: [{ user_id: 'alice', username: 'Alice', room_id: 'general' }],
  },
);
export type Typist = typeof Typist.static;

/** Bounds an answer; more than any client shows. */
export const MAX_TYPISTS = 1_000;
