/** What a message is, and what may be one. Pure: values in, values out. */
import { Failure } from '@parley/kit/errors';
import { countCharacters, isStorable, RoomId, Time, UserId, UserName } from '@parley/kit/text';
import { t } from 'elysia';

export const MAX_CONTENT_CHARACTERS = 8_000;
export const MAX_FILE_URL_CHARACTERS = 2_000;
export const MAX_PAGE = 200;

export const MessageType = t.Union([t.Literal('text'), t.Literal('file'), t.Literal('system')], {
  default: 'text',
  description: '`file` goes with a `file_url`; `system` is for programs',
});

/** Which events of a room a number counts. */
const Sequence = (description: string) => t.Integer({ minimum: 0, description, examples: [42] });

export const Message = t.Object(
  {
    id: t.String({ format: 'uuid' }),
    room_id: RoomId,
    user_id: UserId,
    username: UserName,
    content: t.String({ description: 'Empty once deleted' }),
    message_type: MessageType,
    file_url: t.Nullable(t.String()),
    created_at: Time,
    position: Sequence('Reading order within the room: the `seq` it was born with'),
    seq: Sequence('Its last change, in the room’s sequence'),
    edited_at: t.Nullable(Time),
    deleted_at: t.Nullable(Time),
  },
  {
    examples: [
      {
        id: '0b6f4a4e-6c0f-4d0e-9a68-3f3f6ef1a001',
        room_id: 'general',
        user_id: 'alice',
        username: 'alice',
        content: 'Hello!',
        message_type: 'text',
        file_url: null,
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

/** A message before it has a place in the log. */
export interface Draft {
  readonly userId: string;
  readonly username: string;
  readonly content: string;
  readonly messageType: Message['message_type'];
  readonly fileUrl: string | null;
  readonly clientId: string | null;
}

/**
 * The content as it is stored: trimmed. An empty result means that there is nothing to send.
 * @throws {Failure} `content_too_long`, or `invalid_input` for text that a database can't hold
 */
export const tidyContent = (content: string): string => {
  if (!isStorable(content))
    throw new Failure('invalid_input', 'content: it has a NUL byte or half a character, which nobody could read back');
  const tidy = content.trim();
  const length = countCharacters(tidy);
  if (length > MAX_CONTENT_CHARACTERS) {
    throw new Failure(
      'content_too_long',
      `content: it has ${length} characters, at most ${MAX_CONTENT_CHARACTERS} fit a message; send it in parts or as a file`,
    );
  }
  return tidy;
};

/** Like `tidyContent`, but an edit can't empty a message: that is what deleting is for. @throws {Failure} */
export const tidyEdit = (content: string): string => {
  const tidy = tidyContent(content);
  if (tidy === '')
    throw new Failure('invalid_input', 'content: an edited message needs content; to take it back, delete it');
  return tidy;
};
