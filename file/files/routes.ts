/** `GET /files`, `GET /{id}` and `DELETE /{id}`. */
import { errorAnswers } from '@parley/kit/error-answers';
import { Failure } from '@parley/kit/errors';
import type { Identity } from '@parley/kit/identity';
import { errorFields, type Log } from '@parley/kit/log';
import { RoomId } from '@parley/kit/text';
import { Elysia, t } from 'elysia';
import { fileKey, type ObjectStore, thumbnailKey } from '../objects/store.ts';
import { Deleted, exampleFile, FileId, FilePage, FileView } from './file.ts';
import { isFileId, type StoredFile, viewOf } from './rules.ts';
import type { FileStore } from './store.ts';

export interface FileRoutesOptions {
  readonly files: FileStore;
  readonly objects: ObjectStore;
  readonly identity: Identity;
  readonly log: Log;
}

const tags = ['files'];

/** @throws {Failure} `unknown_file`, also for what can't be an id */
export const findFile = async (files: FileStore, id: string): Promise<StoredFile> => {
  const found = isFileId(id) ? await files.find(id) : undefined;
  if (!found) throw new Failure('unknown_file');
  return found;
};

const ListQuery = t.Object({
  room_id: t.Optional(
    t.Union([RoomId, t.Literal('')], { description: 'Only files of this room', examples: ['general'] }),
  ),
  limit: t.Optional(
    t.Integer({ minimum: 1, maximum: 200, default: 50, description: 'At most this many: 1 to 200', examples: [50] }),
  ),
  before: t.Optional(
    t.String({
      description: "Only files older than this id: the next page, after a page's last id. The file may be gone",
      examples: [exampleFile.id],
    }),
  ),
});

const deletion = async (file: StoredFile, { files, objects, log }: FileRoutesOptions): Promise<void> => {
  await files.remove(file.id);
  const removals = [fileKey(file.objectId), thumbnailKey(file.objectId)].map((key) => objects.remove(key));
  // The file is gone with its row. Bytes that the store keeps while it is away are the sweep's to remove.
  await Promise.all(removals).catch((error: unknown) => log.warn({ event: 'object_left', ...errorFields(error) }));
};

/** Absent and not one's own answer alike. */
const requireOwner = (identity: Identity, headers: Headers, file: StoredFile): Promise<void> =>
  identity.requireUser(headers, file.uploadedBy).catch((error: unknown) => {
    throw error instanceof Failure && error.code === 'forbidden' ? new Failure('unknown_file') : error;
  });

export const fileRoutes = (options: FileRoutesOptions) => {
  const { files, identity } = options;
  return new Elysia({ name: 'files' })
    .get(
      '/files',
      async ({ request, query: { room_id, limit = 50, before } }) => {
        await identity.requireAnyone(request.headers);
        if (before && !isFileId(before)) throw new Failure('invalid_input', 'query before: it is not the id of a file');
        const page = await files.list({ roomId: room_id || undefined, before: before || undefined, limit });
        return page.map(viewOf);
      },
      {
        query: ListQuery,
        response: {
          200: FilePage,
          ...errorAnswers('unauthenticated', 'invalid_input', 'storage_unavailable'),
        },
        detail: { summary: 'List files', description: 'Newest first. `before` pages through older ones.', tags },
      },
    )
    .get(
      '/:id',
      async ({ request, params: { id } }) => {
        await identity.requireAnyone(request.headers);
        return viewOf(await findFile(files, id));
      },
      {
        params: t.Object({ id: FileId }),
        response: {
          200: FileView,
          ...errorAnswers('unauthenticated', 'unknown_file', 'invalid_input', 'storage_unavailable'),
        },
        detail: { summary: 'One file', description: 'What is known of a file, without its bytes.', tags },
      },
    )
    .delete(
      '/:id',
      async ({ request, params: { id } }) => {
        await identity.requireAnyone(request.headers);
        const file = await findFile(files, id);
        await requireOwner(identity, request.headers, file);
        await deletion(file, options);
        return { status: 'deleted' as const, id: file.id };
      },
      {
        params: t.Object({ id: FileId }),
        response: {
          200: Deleted,
          ...errorAnswers('unauthenticated', 'unknown_file', 'invalid_input', 'storage_unavailable'),
        },
        detail: {
          summary: 'Delete a file',
          description: "For good, with its thumbnail. Only one's own: with AUTH_SECRET set, another's answers 404.",
          tags,
        },
      },
    );
};
