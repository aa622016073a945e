/** `POST /upload`. */
import { addressOf } from '@parley/kit/address';
import { errorAnswers } from '@parley/kit/error-answers';
import type { Identity } from '@parley/kit/identity';
import { UserId } from '@parley/kit/text';
import { Elysia, t } from 'elysia';
import { FileView } from '../files/file.ts';
import { viewOf } from '../files/rules.ts';
import type { UploadLimits, Uploads } from './uploads.ts';

export interface UploadRoutesOptions {
  readonly uploads: Uploads;
  readonly limits: UploadLimits;
  readonly identity: Identity;
}

const UploadQuery = t.Object({
  uploaded_by: t.Optional(
    t.Unsafe<string>({
      ...UserId,
      default: 'anonymous',
      description: 'The user who uploads; proven by the token with AUTH_SECRET set',
    }),
  ),
  room_id: t.Optional(
    t.String({
      pattern: '^[A-Za-z0-9._-]{0,50}$',
      default: 'general',
      description: 'The room it is for; empty for none',
      examples: ['general'],
    }),
  ),
});

const formOf = ({ maxFileBytes, allowedTypes }: UploadLimits) => ({
  required: true,
  description: `A form with one file in the field \`file\`: at most ${maxFileBytes} bytes, of the types ${allowedTypes.join(', ')}.`,
  content: {
    'multipart/form-data': {
      schema: {
        type: 'object' as const,
        required: ['file'],
        properties: { file: { type: 'string' as const, format: 'binary', description: 'The file, with its name' } },
      },
      example: { file: 'hello' },
    },
  },
});

export const uploadRoutes = ({ uploads, limits, identity }: UploadRoutesOptions) =>
  new Elysia({ name: 'upload' }).post(
    '/upload',
    async ({ request, server, query: { uploaded_by = 'anonymous', room_id = 'general' }, set }) => {
      await identity.requireUser(request.headers, uploaded_by);
      const destination = { uploadedBy: uploaded_by, roomId: room_id };
      const file = await uploads.take(request, destination, addressOf(request, server));
      set.status = 201;
      return viewOf(file);
    },
    {
      // The body is read as a stream, by the handler: a parsed one would be held in memory whole.
      parse: 'none',
      query: UploadQuery,
      response: {
        201: t.Object(FileView.properties, { ...FileView, description: 'The file is stored, for good' }),
        ...errorAnswers(
          'unauthenticated',
          'forbidden',
          'too_large',
          'too_slow',
          'wrong_media_type',
          'invalid_input',
          'storage_unavailable',
          'overloaded',
        ),
      },
      detail: {
        summary: 'Upload a file',
        description:
          'Takes one file. Its type is judged by its bytes; the declared type decides nothing, except that what is called a web page (HTML, SVG) or a program is 415, as is a type that is not allowed. What is refused leaves nothing behind.',
        tags: ['files'],
        requestBody: formOf(limits),
      },
    },
  );
