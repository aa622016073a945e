/** The schemas of a message, and the rules for its content. Pure functions. */
import { Failure } from '@parley/kit/errors/failure';
import { countCharacters, isStorable, RoomId, Time, UserId, UserName } from '@parley/kit/text/text';
import { t } from 'elysia';
import { errors } from '../errors.ts';
import { Mentions } from '../mentions/rules.ts';
import type { Person } from '../people.ts';
import { MAX_CONTENT_CHARACTERS, tidyText, whyTooLong } from './content.ts';

const MAX_FILE_URL_CHARACTERS = 2_000;
export const MAX_PAGE = 200;

export const MessageType = t.UnionEnum(['text', 'file', 'system'], {
  default: 'text',
  description: '`file` goes with a `file_url`; `system` is for programs',
  examples: ['text'],
});

export const FileUrl = t.Nullable(
  t.String({
    format: 'storable',
    maxLength: MAX_FILE_URL_CHARACTERS,
    description: 'The file of a `file` message, at most 2,000 characters',
    examples: ['/api/files/0b6f4a4e-6c0f-4d0e-9a68-3f3f6ef1a002/download'],
  }),
);

export const MessageId = t.String({
  format: 'uuid',
  description: 'A message’s id',
  examples: ['0b6f4a4e-6c0f-4d0e-9a68-3f3f6ef1a001'],
});

export const ClientId = t.String({
  format: 'uuid',
  description: 'A UUID that the client chose for the message: a retry with the same one stores no second message',
  examples: ['6d3c1f9a-54b1-4c8e-8a40-0f7f0d6f7a11'],
});

const Sequence = (description: string) => t.Integer({ minimum: 0, description, examples: [42] });

export const Message = t.Object(
  {
    id: MessageId,
    room_id: RoomId,
    user_id: UserId,
    username: UserName,
    content: t.String({ description: 'Empty once deleted' }),
    message_type: MessageType,
    file_url: FileUrl,
    mentions: Mentions,
    created_at: Time,
    position: Sequence('Reading order within the room: the `seq` that it was stored with'),
    seq: Sequence('The number of its last change in the room'),
    edited_at: t.Nullable(Time),
    deleted_at: t.Nullable(Time),
  },
  {
    description: 'A message in its current state',
    examples: [
      {
        id: '0b6f4a4e-6c0f-4d0e-9a68-3f3f6ef1a001',
        room_id: 'general',
        user_id: 'alice',
        username: 'alice',
        content: 'Hello @bob!',
        message_type: 'text',
        file_url: null,
        mentions: [{ user_id: 'bob', at: 6, length: 4 }],
        created_at: '2026-01-31T12:00:00.000Z',
        position: 42,
        seq: 42,
        edited_at: null,
        deleted_at: null,
      },
    ],
  },
);
export type Message = typeof Message.static;

/** True if the message has not changed since it was appended: `position` is the `seq` that it had then. */
export const isAsBorn = ({ seq, position }: Pick<Message, 'seq' | 'position'>): boolean => seq === position;

/** True if the outbox may have entries for this state of the message: it was edited or deleted, or mentions someone. */
export const mayConcernOthers = (message: Message): boolean => !isAsBorn(message) || message.mentions.length > 0;

/** A message that is not stored yet, and so has no id and no `seq`. */
export interface Draft extends Person {
  readonly content: string;
  readonly messageType: Message['message_type'];
  readonly fileUrl: string | null;
  readonly clientId: string | null;
}

/**
 * The content as it is stored: trimmed; the indentation of the first line is kept when more lines follow, for pasted code. '' for a content
 * of invisible characters, which is not sent.
 * @throws {Failure} `content_too_long`, or `invalid_input` for text that a database can't hold
 */
export const tidyContent = (content: string): string => {
  if (!isStorable(content))
    throw new Failure(
      errors.invalid_input,
      'content: it has a NUL byte or half a character, which nobody could read back',
    );
  const tidy = tidyText(content);
  const length = countCharacters(tidy);
  if (length > MAX_CONTENT_CHARACTERS) throw new Failure(errors.content_too_long, `content: ${whyTooLong(length)}`);
  return tidy;
};

/** Like `tidyContent`, but refuses '': to empty a message, delete it. @throws {Failure} */
export const tidyEdit = (content: string): string => {
  const tidy = tidyContent(content);
  if (tidy === '')
    throw new Failure(errors.invalid_input, 'content: an edited message needs content; to take it back, delete it');
  return tidy;
};
