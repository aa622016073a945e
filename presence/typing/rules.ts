/** What is told of someone who is typing. */
import { UserId, UserName } from '@parley/kit/text/text';
import { t } from 'elysia';

/** Freer than chat's own room ids, so that other programs may use theirs. */
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

/** More than anyone shows: bounds an answer. */
export const MAX_TYPISTS = 1_000;
