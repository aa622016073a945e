/** Removes rows without an object and objects without a row. Each is checked again first, since the survey may be minutes old. */
import type { Log } from '@parley/kit/process/log';
import type { FileStore, ObjectRow } from '../files/store.ts';
import { fileKey, type ObjectStore, THUMBNAIL_PREFIX, thumbnailKey } from '../objects/store.ts';
import { listObjects, PAGE_ROWS } from './survey.ts';

export interface RepairDeps {
  readonly files: FileStore;
  readonly objects: ObjectStore;
  readonly log: Log;
}

/** @returns how many were removed */
export const removeRows = async (lost: readonly ObjectRow[], { files, objects, log }: RepairDeps): Promise<number> => {
  let removed = 0;
  for (const { id, objectId } of lost) {
    if (await objects.has(fileKey(objectId))) continue;
    await files.remove(id);
    log.warn({ event: 'row_without_object', file_id: id });
    removed += 1;
  }
  return removed;
};

const withoutRows = async (objectIds: readonly string[], files: FileStore): Promise<string[]> => {
  const withRows = await files.withRows(objectIds);
  return objectIds.filter((objectId) => !withRows.has(objectId));
};

/** @returns how many were removed */
export const removeObjects = async (lost: readonly string[], { files, objects, log }: RepairDeps): Promise<number> => {
  let removed = 0;
  for (let at = 0; at < lost.length; at += PAGE_ROWS) {
    for (const objectId of await withoutRows(lost.slice(at, at + PAGE_ROWS), files)) {
      await objects.remove(fileKey(objectId));
      log.warn({ event: 'object_without_row', object_id: objectId });
      removed += 1;
    }
  }
  return removed;
};

/** Removes thumbnails without a file: one that was made during the deletion of its file is left over. */
export const removeLooseThumbnails = async (before: Date, { files, objects }: RepairDeps): Promise<void> => {
  const removeLoose = async (page: readonly string[]): Promise<void> => {
    for (const objectId of await withoutRows(page, files)) await objects.remove(thumbnailKey(objectId));
  };
  let page: string[] = [];
  for await (const { objectId, modifiedAt } of listObjects(objects, THUMBNAIL_PREFIX)) {
    if (modifiedAt < before) page.push(objectId);
    if (page.length < PAGE_ROWS) continue;
    await removeLoose(page);
    page = [];
  }
  if (page.length > 0) await removeLoose(page);
};
