/** `GET /{id}/thumbnail`. */
import { downloadRouteOf } from '@parley/kit/contract/contract';
import type { Identity } from '@parley/kit/identity/identity';
import { Elysia } from 'elysia';
import { downloadThumbnail } from '../contract.ts';
import { admitReader } from '../download/reader.ts';
import { CACHE_CONTROL, CONTENT_SAFETY, etagMatches } from '../download/rules.ts';
import { findFile } from '../files/routes.ts';
import type { FileStore } from '../files/store.ts';
import { THUMBNAIL_PIXELS } from './decoder.ts';
import { THUMBNAIL_TYPE } from './image.ts';
import type { Thumbnails } from './thumbnails.ts';

export interface ThumbnailRoutesDeps {
  readonly files: FileStore;
  readonly thumbnails: Thumbnails;
  readonly identity: Identity;
}

const etagOf = ({ sha256 }: { sha256: string }): string => `"${sha256}-${THUMBNAIL_PIXELS}"`;

export const thumbnailRoutes = ({ files, thumbnails, identity }: ThumbnailRoutesDeps) =>
  new Elysia({ name: 'thumbnails' }).route(
    downloadThumbnail.method,
    downloadThumbnail.path,
    async ({ request, params: { id }, set }) => {
      await admitReader(request, set, identity);
      const file = await findFile(files, id);
      const etag = etagOf(file);
      const headers = { etag, 'cache-control': CACHE_CONTROL, ...CONTENT_SAFETY };
      if (etagMatches(request.headers, etag)) return new Response(null, { status: 304, headers });
      const bytes = await thumbnails.of(file);
      return new Response(bytes, { headers: { ...headers, 'content-type': THUMBNAIL_TYPE } });
    },
    downloadRouteOf(downloadThumbnail),
  );
