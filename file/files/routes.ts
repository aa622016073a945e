/** `GET /files`, `GET /{id}` and `DELETE /{id}`. */
import { routeOf } from '@parley/kit/contract/contract';
import { Failure } from '@parley/kit/errors/failure';
import type { Identity } from '@parley/kit/identity/identity';
import { Elysia } from 'elysia';
import { deleteFile, getFile, listFiles } from '../contract.ts';
import { errors } from '../errors.ts';
import { fileKey, type ObjectStore, thumbnailKey } from '../objects/store.ts';
import { isFileId, type StoredFile, viewOf } from './rules.ts';
import type { FileStore } from './store.ts';

export interface FileRoutesDeps {
  readonly files: FileStore;
  readonly objects: ObjectStore;
  readonly identity: Identity;
}

/** @throws {Failure} `unknown_file`, also for a text that is no id */
export const findFile = async (files: FileStore, id: string): Promise<StoredFile> => {
  const found = isFileId(id) ? await files.find(id) : undefined;
  if (!found) throw new Failure(errors.unknown_file);
  return found;
};

/**
 * Removes the objects first and the row last. When the object store is away the row stays, so that a retry finds the file and completes
 * the deletion. After a crash between the two steps the sweep removes the row.
 */
const removeFile = async ({ id, objectId }: StoredFile, { files, objects }: FileRoutesDeps): Promise<void> => {
  await Promise.all([fileKey(objectId), thumbnailKey(objectId)].map((key) => objects.remove(key)));
  await files.remove(id);
};

/** A file that this user uploaded. @throws {Failure} `unknown_file`, both for an absent file and for another user's */
const findOwnFile = async (files: FileStore, id: string, userId: string): Promise<StoredFile> => {
  const file = await findFile(files, id);
  if (file.uploadedBy !== userId) throw new Failure(errors.unknown_file);
  return file;
};

export const fileRoutes = (deps: FileRoutesDeps) => {
  const { files, identity } = deps;
  return new Elysia({ name: 'files' })
    .route(
      listFiles.method,
      listFiles.path,
      async ({ request, query: { room_id, limit = 50, before } }) => {
        await identity.requireAnyone(request.headers);
        if (before && !isFileId(before))
          throw new Failure(errors.invalid_input, 'query before: it is not the id of a file');
        const page = await files.list({ roomId: room_id || undefined, before: before || undefined, limit });
        return page.map(viewOf);
      },
      routeOf(listFiles),
    )
    .route(
      getFile.method,
      getFile.path,
      async ({ request, params: { id } }) => {
        await identity.requireAnyone(request.headers);
        return viewOf(await findFile(files, id));
      },
      routeOf(getFile),
    )
    .route(
      deleteFile.method,
      deleteFile.path,
      async ({ request, params: { id }, query: { user_id } }) => {
        await identity.requireUser(request.headers, user_id);
        const file = await findOwnFile(files, id, user_id);
        await removeFile(file, deps);
        return { status: 'deleted' as const, id: file.id };
      },
      routeOf(deleteFile),
    );
};
