/** Finds the rows without an object and the objects without a row. */
import type { FileStore, ObjectRow } from '../files/store.ts';
import { FILE_PREFIX, type ObjectStore } from '../objects/store.ts';
import { compare } from './compare.ts';

export interface Survey {
  readonly rows: number;
  readonly objects: number;
  readonly rowsWithoutObject: readonly ObjectRow[];
  readonly objectsWithoutRow: readonly string[];
}

export interface ListedObject {
  readonly objectId: string;
  readonly modifiedAt: Date;
}

export const PAGE_ROWS = 1_000;
/** Further findings are left to the next sweep. */
const MAX_FINDINGS = 10_000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The objects under a prefix whose names are ids. Others belong to other programs. */
export async function* listObjects(objects: ObjectStore, prefix: string): AsyncGenerator<ListedObject> {
  for await (const { key, modifiedAt } of objects.list(prefix)) {
    const objectId = key.slice(prefix.length);
    if (UUID.test(objectId)) yield { objectId, modifiedAt };
  }
}

async function* listRows(files: FileStore): AsyncGenerator<ObjectRow> {
  for (let page = await files.pageByObject(undefined, PAGE_ROWS); page.length > 0; ) {
    yield* page;
    page = await files.pageByObject(page.at(-1)?.objectId, PAGE_ROWS);
  }
}

const createCounter = () => {
  let count = 0;
  return {
    get count() {
      return count;
    },
    async *through<T>(items: AsyncIterable<T>): AsyncGenerator<T> {
      for await (const item of items) {
        count += 1;
        yield item;
      }
    },
  };
};

/** Compares all rows with all objects. @param before rows and objects younger than this are left out: their upload may not be complete */
export const takeSurvey = async (files: FileStore, objects: ObjectStore, before: Date): Promise<Survey> => {
  const [rows, listed] = [createCounter(), createCounter()];
  const rowsWithoutObject: ObjectRow[] = [];
  const objectsWithoutRow: string[] = [];
  const findings = compare(rows.through(listRows(files)), listed.through(listObjects(objects, FILE_PREFIX)));
  for await (const finding of findings) {
    if (finding.kind === 'row_without_object') {
      if (finding.row.createdAt < before && rowsWithoutObject.length < MAX_FINDINGS)
        rowsWithoutObject.push(finding.row);
    } else if (finding.object.modifiedAt < before && objectsWithoutRow.length < MAX_FINDINGS)
      objectsWithoutRow.push(finding.object.objectId);
  }
  return { rows: rows.count, objects: listed.count, rowsWithoutObject, objectsWithoutRow };
};
