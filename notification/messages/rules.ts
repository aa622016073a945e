/** What chat sends when a message was edited or deleted. Pure. */
import { UserId } from '@parley/kit/text/text';
import { t } from 'elysia';
import { Body } from '../notifications/rules.ts';

/** A message of 8,000 characters can't mention as many people. */
const MAX_MENTIONED = 1_000;

const exampleId = '019c1346-21ff-7000-8000-3b9aca001234';

export const OfMessage = t.Object({
  message_id: t.String({ format: 'uuid', description: 'The id of a message in chat', examples: [exampleId] }),
});

const Seq = t.Integer({
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'The `seq` of this change of the message. When a newer change is known, nothing happens',
  examples: [5050],
});

export const Deletion = t.Object({ seq: Seq });

export const Edit = t.Object(
  {
    seq: Seq,
    user_ids: t.Array(UserId, {
      maxItems: MAX_MENTIONED,
      description: 'The users whom the message still mentions',
      examples: [['alice']],
    }),
    body: Body,
  },
  {
    description: 'The message as it is now',
    examples: [{ seq: 5050, user_ids: ['alice'], body: '@alice have a look at the new build?' }],
  },
);
export type Edit = typeof Edit.static;

export const Applied = t.Object(
  { status: t.Literal('ok', { description: 'Always ok', examples: ['ok'] }) },
  { description: 'The notifications of the message are up to date', examples: [{ status: 'ok' }] },
);
