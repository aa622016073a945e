/** `POST /upload`. */

import { routeOf } from '@parley/kit/contract/contract';
import type { Identity } from '@parley/kit/identity/identity';
import { addressOf } from '@parley/kit/network/address';
import { Elysia } from 'elysia';
import { uploadFile } from '../contract.ts';
import { viewOf } from '../files/rules.ts';
import type { UploadLimits, Uploads } from './uploads.ts';

export interface UploadRoutesDeps {
  readonly uploads: Uploads;
  readonly limits: UploadLimits;
  readonly identity: Identity;
}

const formOf = ({ maxFileBytes, allowedTypes }: UploadLimits) => ({
  required: true,
  description: `A form with one file in the field \`file\`: at most ${maxFileBytes} bytes, of the types ${allowedTypes.join(', ')}.`,
  content: {
    'multipart/form-data': {
      schema: {
        type: 'object' as const,
        required: ['file'],
        properties: {
          file: {
            type: 'string' as const,
            format: 'binary',
            description: uploadFile.form.properties.file.description ?? '',
          },
        },
      },
      example: { file: 'hello' },
    },
  },
});

const routeWithin = (limits: UploadLimits) => {
  const route = routeOf(uploadFile);
  return {
    ...route,
    // The handler reads the body as a stream: a parsed one would be held in memory whole.
    parse: 'none' as const,
    detail: { ...route.detail, requestBody: formOf(limits) },
  };
};

export const uploadRoutes = ({ uploads, limits, identity }: UploadRoutesDeps) =>
  new Elysia({ name: 'upload' }).route(
    uploadFile.method,
    uploadFile.path,
    async ({ request, server, query: { uploaded_by = 'anonymous', room_id = 'general' }, set }) => {
      await identity.requireUser(request.headers, uploaded_by);
      const destination = { uploadedBy: uploaded_by, roomId: room_id };
      const file = await uploads.take(request, destination, addressOf(request, server));
      set.status = 201;
      return viewOf(file);
    },
    routeWithin(limits),
  );
