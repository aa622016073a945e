/** Finds rows without an object and objects without a row by merging two sorted streams, in constant memory. */

/** A row or an object without its counterpart. */
export type Finding<Row, Item> =
  | { readonly kind: 'row_without_object'; readonly row: Row }
  | { readonly kind: 'object_without_row'; readonly object: Item };

export interface HasObjectId {
  readonly objectId: string;
}

/** @param rows and objects by ascending object id, each id once */
export async function* compare<Row extends HasObjectId, Item extends HasObjectId>(
  rows: AsyncIterable<Row>,
  objects: AsyncIterable<Item>,
): AsyncGenerator<Finding<Row, Item>> {
  const rest = objects[Symbol.asyncIterator]();
  try {
    let { value: object, done } = await rest.next();
    const advance = async () => {
      ({ value: object, done } = await rest.next());
    };
    for await (const row of rows) {
      for (; !done && object.objectId < row.objectId; await advance()) yield { kind: 'object_without_row', object };
      if (!done && object.objectId === row.objectId) await advance();
      else yield { kind: 'row_without_object', row };
    }
    for (; !done; await advance()) yield { kind: 'object_without_row', object };
  } finally {
    await rest.return?.();
  }
}
