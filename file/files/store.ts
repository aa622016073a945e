/** The store of files' rows. Every method throws `storage_unavailable` when the database is away. */
import type { Database } from '@parley/kit/stores/database';
import { and, asc, desc, eq, gt, inArray, lt } from 'drizzle-orm';
import { files } from '../db/schema.ts';
import type { StoredFile } from './rules.ts';

export interface Page {
  readonly roomId?: string | undefined;
  /** Only files older than this id. The file with this id may be gone. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** The columns of a row that the sweep compares with objects. */
export type ObjectRow = Pick<StoredFile, 'id' | 'objectId' | 'createdAt'>;

export interface FileStore {
  insert(file: StoredFile): Promise<void>;
  find(id: string): Promise<StoredFile | undefined>;
  /** Newest first. */
  list(page: Page): Promise<StoredFile[]>;
  remove(id: string): Promise<void>;
  /** A page of rows by ascending object id, after the given object id. */
  pageByObject(after: string | undefined, limit: number): Promise<ObjectRow[]>;
  /** The ids of these objects that have a row. */
  withRows(objectIds: readonly string[]): Promise<Set<string>>;
}

export const createFileStore = (database: Database): FileStore => ({
  insert: async (file) => {
    await database.run((db) => db.insert(files).values(file));
  },
  find: async (id) => (await database.run((db) => db.select().from(files).where(eq(files.id, id))))[0],
  list: ({ roomId, before, limit }) => {
    const inRoom = roomId ? eq(files.roomId, roomId) : undefined;
    const older = before ? lt(files.id, before) : undefined;
    return database.run((db) => db.select().from(files).where(and(inRoom, older)).orderBy(desc(files.id)).limit(limit));
  },
  remove: async (id) => {
    await database.run((db) => db.delete(files).where(eq(files.id, id)));
  },
  pageByObject: (after, limit) => {
    const { id, objectId, createdAt } = files;
    const later = after ? gt(objectId, after) : undefined;
    return database.run((db) =>
      db.select({ id, objectId, createdAt }).from(files).where(later).orderBy(asc(objectId)).limit(limit),
    );
  },
  withRows: async (objectIds) => {
    const { objectId } = files;
    const rows = await database.run((db) =>
      db
        .select({ objectId })
        .from(files)
        .where(inArray(objectId, [...objectIds])),
    );
    return new Set(rows.map((row) => row.objectId));
  },
});
