/** The AsyncAPI 3 document of the socket, made from the schemas that validate and type the frames. */

import { closeCodes } from '@parley/kit/network/close-codes';
import type { TSchema } from 'elysia';
import { errors } from '../errors.ts';
import { clientFrames, serverFrames } from '../frames.ts';

type Frames = Record<string, TSchema>;

const messagesOf = (frames: Frames) =>
  Object.fromEntries(
    Object.entries(frames).map(([name, schema]) => [
      name,
      {
        name,
        title: name,
        summary: schema.description ?? name,
        contentType: 'application/json',
        payload: toJsonSchema(schema),
      },
    ]),
  );

/** TypeBox schemas are JSON Schema with symbols, which JSON leaves out. */
const toJsonSchema = (schema: TSchema): unknown => JSON.parse(JSON.stringify(schema));

/** Names are prefixed by direction: `typing` goes both ways. */
const prefixed = (prefix: string, frames: Frames): Frames =>
  Object.fromEntries(Object.entries(frames).map(([name, schema]) => [`${prefix}_${name}`, schema]));

const references = (frames: Frames, path: string) => Object.keys(frames).map((name) => ({ $ref: `${path}/${name}` }));

export const asyncApi = () => {
  const client = prefixed('client', clientFrames);
  const server = prefixed('server', serverFrames);
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Parley chat socket',
      version: '1.0.0',
      description: 'One JSON object per text frame. See docs/protocol.md for the order of events.',
      'x-errors': errors,
      'x-close-codes': closeCodes,
    },
    channels: {
      room: {
        address: '/ws/{room_id}/{user_id}',
        description:
          'Query: `username` (default anonymous), `since` (the last `seq` seen), `activity` (`true`: also hear of other rooms).',
        parameters: { room_id: { description: 'The room' }, user_id: { description: 'The user who connects' } },
        messages: Object.fromEntries(
          Object.keys({ ...client, ...server }).map((name) => [name, { $ref: `#/components/messages/${name}` }]),
        ),
      },
    },
    operations: {
      receive: {
        action: 'receive',
        channel: { $ref: '#/channels/room' },
        messages: references(client, '#/channels/room/messages'),
      },
      send: {
        action: 'send',
        channel: { $ref: '#/channels/room' },
        messages: references(server, '#/channels/room/messages'),
      },
    },
    components: { messages: messagesOf({ ...client, ...server }) },
  };
};
