/** `GET /{id}/thumbnail`. */
import { errorResponses } from '@parley/kit/error-answers';
import type { Identity } from '@parley/kit/identity';
import { Elysia, t } from 'elysia';
import { admitReader } from '../download/reader.ts';
import { CACHE_CONTROL, CONTENT_SAFETY, etagMatches } from '../download/rules.ts';
import { exampleFile, FileId } from '../files/file.ts';
import { findFile } from '../files/routes.ts';
import type { FileStore } from '../files/store.ts';
import { THUMBNAIL_PIXELS } from './decoder.ts';
import { THUMBNAIL_TYPE } from './image.ts';
import type { Thumbnails } from './thumbnails.ts';

export interface ThumbnailRoutesOptions {
  readonly files: FileStore;
  readonly thumbnails: Thumbnails;
  readonly identity: Identity;
}

const etagOf = ({ sha256 }: { sha256: string }): string => `"${sha256}-${THUMBNAIL_PIXELS}"`;

const picture = { schema: { type: 'string' as const, format: 'binary', description: 'The picture' }, example: 'RIFF' };

export const thumbnailRoutes = ({ files, thumbnails, identity }: ThumbnailRoutesOptions) =>
  new Elysia({ name: 'thumbnails' }).get(
    '/:id/thumbnail',
    async ({ request, params: { id }, set }) => {
      await admitReader(request, set, identity);
      const file = await findFile(files, id);
      const etag = etagOf(file);
      const headers = { etag, 'cache-control': CACHE_CONTROL, ...CONTENT_SAFETY };
      if (etagMatches(request.headers, etag)) return new Response(null, { status: 304, headers });
      const bytes = await thumbnails.of(file);
      return new Response(bytes, { headers: { ...headers, 'content-type': THUMBNAIL_TYPE } });
    },
    {
      params: t.Object({ id: FileId }),
      headers: t.Object({
        'if-none-match': t.Optional(
          t.String({
            description: 'ETags of copies: 304 when one is this thumbnail',
            examples: [etagOf(exampleFile)],
          }),
        ),
      }),
      detail: {
        summary: "An image's thumbnail",
        description: `A WebP of at most ${THUMBNAIL_PIXELS} x ${THUMBNAIL_PIXELS} pixels, upright, without the original's metadata; the first frame of an animation. 404 when the file is no image, or one that can't be decoded.`,
        tags: ['files'],
        responses: {
          200: { description: 'The thumbnail', content: { [THUMBNAIL_TYPE]: picture } },
          304: { description: "The client's copy is good" },
          ...errorResponses(
            'unauthenticated',
            'forbidden',
            'unknown_file',
            'not_found',
            'invalid_input',
            'storage_unavailable',
            'overloaded',
          ),
        },
      },
    },
  );
