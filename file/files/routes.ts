/** `GET /files`, `GET /{id}` and `DELETE /{id}`. */
import { errorAnswers } from '@parley/kit/error-answers';
import { Failure } from '@parley/kit/errors';
import type { Identity } from '@parley/kit/identity';
import { RoomId, UserId } from '@parley/kit/text';
import { Elysia, t } from 'elysia';
import { fileKey, type ObjectStore, thumbnailKey } from '../objects/store.ts';
import { Deleted, exampleFile, FileId, FilePage, FileView } from './file.ts';
import { isFileId, type StoredFile, viewOf } from './rules.ts';
import type { FileStore } from './store.ts';

export interface FileRoutesOptions {
  readonly files: FileStore;
  readonly objects: ObjectStore;
  readonly identity: Identity;
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

const DeleteQuery = t.Object({
  user_id: t.Unsafe<string>({
    ...UserId,
    description: 'Who deletes: the uploader of the file; proven by the token with AUTH_SECRET set',
  }),
});

/**
 * Removes the objects first and the row last: while the object store is away the row stays, so that a caller who retries finds the
 * file and completes the deletion. After a crash in between, the sweep removes the row.
 */
const deleteFile = async ({ id, objectId }: StoredFile, { files, objects }: FileRoutesOptions): Promise<void> => {
  await Promise.all([fileKey(objectId), thumbnailKey(objectId)].map((key) => objects.remove(key)));
  await files.remove(id);
};

/** A file of this uploader. @throws {Failure} `unknown_file`, for an absent file and for another's alike */
const findOwnFile = async (files: FileStore, id: string, userId: string): Promise<StoredFile> => {
  const file = await findFile(files, id);
  if (file.uploadedBy !== userId) throw new Failure('unknown_file');
  return file;
};

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
      async ({ request, params: { id }, query: { user_id } }) => {
        await identity.requireUser(request.headers, user_id);
        const file = await findOwnFile(files, id, user_id);
        await deleteFile(file, options);
        return { status: 'deleted' as const, id: file.id };
      },
      {
        params: t.Object({ id: FileId }),
        query: DeleteQuery,
        response: {
          200: Deleted,
          ...errorAnswers('unauthenticated', 'forbidden', 'unknown_file', 'invalid_input', 'storage_unavailable'),
        },
        detail: {
          summary: 'Delete a file',
          description:
            "For good, with its thumbnail; only its uploader's. Another's file and an absent one answer 404 alike, so 404 to a retry means that the file is gone. After 503 the same request completes the deletion.",
          tags,
        },
      },
    );
};
