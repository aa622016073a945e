/**
 * The frames of the socket: schemas that validate and type every frame, and from which `/asyncapi.json` is made. No other file parses or
 * serializes frames.
 */

import { Failure } from '@parley/kit/errors/failure';
import { describeSchema } from '@parley/kit/http/failures';
import { parseJson as parseUntrusted } from '@parley/kit/text/json';
import { isStorable, RoomId, Time, UserId, UserName } from '@parley/kit/text/text';
import { userEvents } from '@parley/notification/contract';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { type TSchema, t } from 'elysia';
import { type ErrorCode, errors, isErrorCode } from './errors.ts';
import { Mention } from './mentions/rules.ts';
import { ClientId, FileUrl, type Message, MessageId, MessageType } from './messages/rules.ts';
import { RoomDescription, RoomName } from './rooms/rules.ts';

const Content = t.String({
  description: 'Trimmed; at most 8,000 characters; an empty one is ignored',
  examples: ['Hello!'],
});

/** Client to server. Fields that aren't named are ignored. */
export const clientFrames = {
  message: t.Object(
    {
      type: t.Literal('message'),
      content: Content,
      message_type: t.Optional(MessageType),
      file_url: t.Optional(FileUrl),
      client_id: t.Optional(t.Nullable(ClientId)),
    },
    { description: 'Sends a message. A frame without `type` is one of these' },
  ),
  edit: t.Object(
    { type: t.Literal('edit'), id: MessageId, content: Content },
    { description: 'Replaces the content of one’s own message' },
  ),
  delete: t.Object({ type: t.Literal('delete'), id: MessageId }, { description: 'Deletes one’s own message' }),
  typing: t.Object({ type: t.Literal('typing') }, { description: 'Shows the room that the user is typing' }),
  stop_typing: t.Object(
    { type: t.Literal('stop_typing') },
    { description: 'Shows the room that the user has stopped typing' },
  ),
  ping: t.Object({ type: t.Literal('ping') }, { description: 'Asks for a `pong`, to check that the connection works' }),
};
/** The frames of a client, by type. */
export type ClientFrames = { [Type in keyof typeof clientFrames]: (typeof clientFrames)[Type]['static'] };
/** A frame of a client: of any type, or of the type that is given. */
export type ClientFrame<Type extends keyof ClientFrames = keyof ClientFrames> = {
  [Each in Type]: ClientFrames[Each] & { type: Each };
}[Type];

const Position = t.Integer({ description: 'Reading order: the `seq` that the message was stored with' });
const Seq = t.Integer({
  description: 'The change’s number in its room: 1, 2, 3, ... Resume with `?since=` the last one seen',
});

const messageFields = {
  id: MessageId,
  room_id: RoomId,
  user_id: UserId,
  username: UserName,
  content: t.String(),
  message_type: MessageType,
  file_url: FileUrl,
  mentions: t.Array(Mention),
  timestamp: Time,
  position: Position,
  seq: Seq,
  edited_at: t.Nullable(Time),
};
const personInRoom = { user_id: UserId, username: UserName, room_id: RoomId };

/** Server to client. */
export const serverFrames = {
  message: t.Object({ type: t.Literal('message'), ...messageFields }, { description: 'A new message' }),
  message_edited: t.Object(
    { type: t.Literal('message_edited'), ...messageFields },
    { description: 'A message was edited; its current state' },
  ),
  message_deleted: t.Object(
    {
      type: t.Literal('message_deleted'),
      id: MessageId,
      room_id: RoomId,
      user_id: UserId,
      timestamp: Time,
      deleted_at: Time,
      position: Position,
      seq: Seq,
    },
    { description: 'A message was deleted; its `position` stays taken' },
  ),
  typing: t.Object({ type: t.Literal('typing'), ...personInRoom }, { description: 'Someone is typing' }),
  stop_typing: t.Object(
    { type: t.Literal('stop_typing'), ...personInRoom },
    { description: 'Someone has stopped typing' },
  ),
  user_joined: t.Object(
    { type: t.Literal('user_joined'), ...personInRoom, timestamp: Time },
    { description: 'Someone’s first socket in the room opened' },
  ),
  user_left: t.Object(
    { type: t.Literal('user_left'), ...personInRoom, timestamp: Time },
    { description: 'Someone’s last socket in the room closed' },
  ),
  ack: t.Object(
    { type: t.Literal('ack'), client_id: ClientId, id: MessageId, seq: Seq, timestamp: Time },
    { description: 'Only to the sender, of a message with `client_id`: the message is stored' },
  ),
  error: t.Object(
    {
      type: t.Literal('error'),
      code: t.Union(Object.keys(errors).map((code) => t.Literal(code as ErrorCode))),
      detail: t.String({ description: 'What happened, why, and what to do' }),
      client_id: t.Optional(t.String({ description: 'The `client_id` of the frame that was refused' })),
      id: t.Optional(t.String({ description: 'The `id` of the frame that was refused' })),
      retry_after_ms: t.Optional(t.Integer({ description: 'Wait this long before the next frame' })),
    },
    { description: 'A frame was refused; the socket stays open' },
  ),
  ready: t.Object(
    { type: t.Literal('ready'), room_id: RoomId, seq: Seq },
    {
      description: 'To a client that gave `since`: everything up to `seq` has been sent; events from here on are live',
    },
  ),
  resync: t.Object(
    { type: t.Literal('resync'), room_id: RoomId, seq: Seq },
    { description: 'Too far behind to catch up: load the history again; events from here on are live, after `seq`' },
  ),
  ...userEvents,
  room_activity: t.Object(
    {
      type: t.Literal('room_activity'),
      rooms: t.Array(
        t.Object({
          room_id: RoomId,
          user_id: UserId,
          messages: t.Integer({ description: 'How many messages the user wrote there' }),
          first_position: Position,
          last_position: Position,
        }),
      ),
      deleted: t.Array(t.Object({ room_id: RoomId, user_id: UserId, position: Position, seq: Seq }), {
        description: 'Messages that were deleted; `user_id` is the author',
      }),
    },
    {
      description:
        'To sockets that asked for `activity`: new messages in any room, counted per room and author, and deleted ones',
    },
  ),
  room_created: t.Object(
    { type: t.Literal('room_created'), room_id: RoomId, name: RoomName, description: t.Nullable(RoomDescription) },
    { description: 'To sockets that asked for `activity`: a room was created' },
  ),
  room_read: t.Object(
    { type: t.Literal('room_read'), room_id: RoomId, read_position: Position },
    {
      description: 'To a user’s own sockets that asked for `activity`: the user has read a room up to `read_position`',
    },
  ),
  pong: t.Object({ type: t.Literal('pong') }, { description: 'Only to the sender of a `ping`' }),
};
export type ServerFrame = {
  [K in keyof typeof serverFrames]: (typeof serverFrames)[K]['static'];
}[keyof typeof serverFrames];

const validators = new Map(
  Object.entries(clientFrames).map(([type, schema]): [string, ReturnType<typeof TypeCompiler.Compile>] => [
    type,
    TypeCompiler.Compile(schema as TSchema),
  ]),
);
const decoder = new TextDecoder('utf-8', { fatal: true });

const parseJson = (data: string | Uint8Array): unknown => {
  try {
    return parseUntrusted(typeof data === 'string' ? data : decoder.decode(data));
  } catch (error) {
    throw new Failure(errors.invalid_json, 'The frame is not JSON in UTF-8: send one JSON object per frame', {
      cause: error,
    });
  }
};

/** Checks the fields of the frame's schema only: other fields are ignored. */
const hasUnstorableText = (frame: ClientFrame): boolean =>
  Object.keys(clientFrames[frame.type].properties).some((name) => {
    const value = frame[name as keyof ClientFrame] as unknown;
    return typeof value === 'string' && !isStorable(value);
  });

/** The fields by which a client recognizes the frame that an error is about. */
const blameFields = (frame: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    ['client_id', 'id'].flatMap((name) => {
      const value = frame[name];
      return typeof value === 'string' && value.length <= 64 && isStorable(value) ? [[name, value]] : [];
    }),
  );

/**
 * Reads one frame of a client.
 * @throws {Failure} `invalid_json`, `not_an_object`, `unknown_type`, `invalid_input`; with the frame's `client_id` and `id` as fields
 */
export const parseFrame = (data: string | Uint8Array): ClientFrame => {
  const value = parseJson(data);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Failure(errors.not_an_object, 'The frame is JSON but not an object: send {"type": ...}');
  const frame = { type: 'message', ...value } as Record<string, unknown>;
  const fields = blameFields(frame);
  const validator = typeof frame.type === 'string' ? validators.get(frame.type) : undefined;
  if (!validator) {
    throw new Failure(
      errors.unknown_type,
      `There is no frame type of that name; there are ${[...validators.keys()].join(', ')}`,
      { fields },
    );
  }
  if (!validator.Check(frame)) {
    const fault = validator.Errors(frame).First();
    const wanted = fault && describeSchema(fault.schema);
    const reason = wanted && fault.value !== undefined ? `wants ${wanted}` : fault?.message;
    throw new Failure(errors.invalid_input, `${fault?.path.slice(1)}: ${reason}`, { fields });
  }
  if (hasUnstorableText(frame as ClientFrame))
    throw new Failure(
      errors.invalid_input,
      'A field has a NUL byte or half a character, which nobody could read back',
      {
        fields,
      },
    );
  return frame as ClientFrame;
};

export const toText = (frame: ServerFrame): string => JSON.stringify(frame);

/** @param failure of chat's table; another would be a defect here, and is named `internal` */
export const errorFrame = ({ code, detail, fields }: Failure): ServerFrame => ({
  type: 'error',
  code: isErrorCode(code) ? code : 'internal',
  detail,
  ...fields,
});

/** The event of a message's change, with the fields of the schemas above and no others. @param isFirst true if the receiver has never seen the message */
export const changeFrame = (message: Message, isFirst: boolean): ServerFrame & { seq: number } => {
  const { id, room_id, user_id, username, content, message_type, file_url, mentions, position, seq, edited_at } =
    message;
  const { created_at: timestamp, deleted_at } = message;
  if (deleted_at !== null)
    return { type: 'message_deleted', id, room_id, user_id, timestamp, deleted_at, position, seq };
  const fields = {
    id,
    room_id,
    user_id,
    username,
    content,
    message_type,
    file_url,
    mentions,
    timestamp,
    position,
    seq,
    edited_at,
  };
  return { type: isFirst ? 'message' : 'message_edited', ...fields };
};
