/** What a mention is: a span of a message's content that names a person. */
import { UserId } from '@parley/kit/text/text';
import { t } from 'elysia';

export const Mention = t.Object(
  {
    user_id: UserId,
    at: t.Integer({
      minimum: 0,
      description: 'The offset of its `@` in `content`, in UTF-16 code units',
      examples: [6],
    }),
    length: t.Integer({ minimum: 2, description: 'The length of `@` and name, in UTF-16 code units', examples: [4] }),
  },
  { description: 'A person whom a text mentions', examples: [{ user_id: 'bob', at: 6, length: 4 }] },
);
export type Mention = typeof Mention.static;

export const Mentions = t.Array(Mention, {
  description:
    'The people whom the content mentions, in its order. Decided when it was written or edited. People with the same name have the same `at`',
  examples: [[{ user_id: 'bob', at: 6, length: 4 }]],
});
