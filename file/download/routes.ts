/** `GET` and `HEAD /{id}/download`. */
import { errorResponses } from '@parley/kit/error-answers';
import type { Identity } from '@parley/kit/identity';
import { Elysia, t } from 'elysia';
import { exampleFile, FileId } from '../files/file.ts';
import { findFile } from '../files/routes.ts';
import type { FileStore } from '../files/store.ts';
import type { FileMetrics } from '../metrics.ts';
import type { Downloads } from './download.ts';
import { admitReader } from './reader.ts';

export interface DownloadRoutesOptions {
  readonly files: FileStore;
  readonly downloads: Downloads;
  readonly identity: Identity;
  readonly metrics: FileMetrics;
}

const etag = `"${exampleFile.sha256}"`;
const lastModified = 'Sat, 31 Jan 2026 12:00:00 GMT';

const DownloadHeaders = t.Object({
  range: t.Optional(
    t.String({ description: 'One range of bytes: 206, or 416 behind the end', examples: ['bytes=0-99'] }),
  ),
  'if-range': t.Optional(
    t.String({
      description: 'The ETag for which `Range` holds; for another one the whole file comes',
      examples: [etag],
    }),
  ),
  'if-none-match': t.Optional(
    t.String({ description: 'ETags of copies: 304 when one is this file', examples: [etag] }),
  ),
  'if-modified-since': t.Optional(
    t.String({ description: 'The time of a copy: 304 when it is no older than the file', examples: [lastModified] }),
  ),
});

const bytesOf = (name: string) => ({
  '*/*': { schema: { type: 'string' as const, format: 'binary', description: name }, example: 'hello' },
});

const hook = (summary: string, description: string, content: { content?: ReturnType<typeof bytesOf> }) => ({
  params: t.Object({ id: FileId }),
  headers: DownloadHeaders,
  detail: {
    summary,
    description,
    tags: ['files'],
    responses: {
      200: { description: 'The whole file', ...content },
      206: { description: 'The range, with `Content-Range`', ...content },
      304: { description: "The client's copy is good" },
      ...errorResponses(
        'unauthenticated',
        'forbidden',
        'unknown_file',
        'range_not_satisfiable',
        'invalid_input',
        'storage_unavailable',
      ),
    },
  },
});

export const downloadRoutes = ({ files, downloads, identity, metrics }: DownloadRoutesOptions) => {
  const answer = async (request: Request, id: string, set: { headers: Record<string, unknown> }): Promise<Response> => {
    await admitReader(request, set, identity);
    const file = await findFile(files, id);
    // For 416; a 206 says more.
    set.headers['content-range'] = `bytes */${file.sizeBytes}`;
    const response = await downloads.answer(request, file);
    delete set.headers['content-range'];
    return response;
  };

  return new Elysia({ name: 'download' })
    .get(
      '/:id/download',
      async ({ request, params: { id }, set }) => {
        const response = await answer(request, id, set);
        metrics.downloads.inc();
        return response;
      },
      hook(
        'Download a file',
        'The bytes, with `Range`, `ETag` and `If-None-Match`. Images, PDF and text are shown by a browser, other types saved; nothing in them can run. A request with `HX-Request` is refused: no file is swapped into a page.',
        { content: bytesOf('The bytes') },
      ),
    )
    .head(
      '/:id/download',
      ({ request, params: { id }, set }) => answer(request, id, set),
      hook("A download's headers", 'What `GET` would answer, without the bytes.', {}),
    );
};
