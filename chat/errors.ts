/** The errors of chat, over HTTP and over its socket. */
import { errors as common, defineErrors } from '@parley/kit/errors/errors';

export const errors = {
  ...common,
  ...defineErrors({
    not_an_object: { status: 422, retry: false, detail: 'The frame is JSON but not an object' },
    unknown_type: { status: 422, retry: false, detail: 'The frame has a type that does not exist' },
    content_too_long: { status: 422, retry: false, detail: 'The content is longer than a message may be' },
    unknown_room: { status: 404, retry: false, detail: 'There is no room with this id' },
    unknown_message: {
      status: 404,
      retry: false,
      detail: 'There is no such message, or it is not yours to change',
    },
    room_exists: { status: 409, retry: false, detail: 'There is a room with this id already' },
    client_id_taken: {
      status: 409,
      retry: false,
      detail: 'This client_id belongs to another message; use a new one for a new message',
    },
  }),
};

export type ErrorCode = keyof typeof errors;

export const isErrorCode = (code: string): code is ErrorCode => code in errors;
