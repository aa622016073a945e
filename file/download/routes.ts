/** `GET` and `HEAD /{id}/download`. */
import { downloadRouteOf } from '@parley/kit/contract/contract';
import type { Identity } from '@parley/kit/identity/identity';
import { Elysia } from 'elysia';
import { downloadFile, readDownloadHeaders } from '../contract.ts';
import { findFile } from '../files/routes.ts';
import type { FileStore } from '../files/store.ts';
import type { FileMetrics } from '../metrics.ts';
import type { Downloads } from './download.ts';
import { admitReader } from './reader.ts';

export interface DownloadRoutesDeps {
  readonly files: FileStore;
  readonly downloads: Downloads;
  readonly identity: Identity;
  readonly metrics: FileMetrics;
}

export const downloadRoutes = ({ files, downloads, identity, metrics }: DownloadRoutesDeps) => {
  const answer = async (request: Request, id: string, set: { headers: Record<string, unknown> }): Promise<Response> => {
    await admitReader(request, set, identity);
    const file = await findFile(files, id);
    // RFC 9110: a 416 has the size in Content-Range. A 206 sets its own.
    set.headers['content-range'] = `bytes */${file.sizeBytes}`;
    const response = await downloads.answer(request, file);
    delete set.headers['content-range'];
    return response;
  };

  return new Elysia({ name: 'download' })
    .route(
      downloadFile.method,
      downloadFile.path,
      async ({ request, params: { id }, set }) => {
        const response = await answer(request, id, set);
        metrics.downloads.inc();
        return response;
      },
      downloadRouteOf(downloadFile),
    )
    .route(
      readDownloadHeaders.method,
      readDownloadHeaders.path,
      ({ request, params: { id }, set }) => answer(request, id, set),
      downloadRouteOf(readDownloadHeaders),
    );
};
