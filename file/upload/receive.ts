/**
 * A file on its way from a request into the object store: measured, judged and hashed while it passes. What is refused, at
 * whatever byte, leaves nothing in the store.
 */
import { Failure } from '@parley/kit/errors';
import { isImage, measure, type Size } from '../images/image.ts';
import { fileKey, type ObjectStore } from '../objects/store.ts';
import { createTextCheck, isText, judgeType } from './content-type.ts';
import { type FormFile, tooLarge } from './form-file.ts';

export interface ReceiveLimits {
  readonly maxFileBytes: number;
  readonly maxImagePixels: number;
  readonly allowedTypes: readonly string[];
}

export interface ReceivedFile {
  readonly objectId: string;
  readonly contentType: string;
  readonly sizeBytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly width: number | null;
  readonly height: number | null;
}

/** Enough to know any type by, and to find a picture's size behind its metadata. */
const HEAD_BYTES = 512 * 1_024;

/** Reads the first bytes: at least `HEAD_BYTES`, or all there are. */
const readHead = async (chunks: AsyncGenerator<Uint8Array>): Promise<Uint8Array> => {
  const pieces: Uint8Array[] = [];
  for (let size = 0; size < HEAD_BYTES; ) {
    const { done, value } = await chunks.next();
    if (done) break;
    pieces.push(value);
    size += value.length;
  }
  return pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces);
};

/** Looks at every byte that passes. */
const createInspector = (contentType: string, maxFileBytes: number) => {
  const hash = new Bun.CryptoHasher('sha256');
  const text = isText(contentType) ? createTextCheck() : undefined;
  const notText = () =>
    new Failure('wrong_media_type', 'file: it begins as text, but is not: text is UTF-8 without control characters');
  let sizeBytes = 0;

  async function* inspect(head: Uint8Array, rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of joined(head, rest)) {
      sizeBytes += chunk.length;
      if (sizeBytes > maxFileBytes) throw tooLarge(maxFileBytes);
      if (text && !text.accepts(chunk)) throw notText();
      hash.update(chunk);
      yield chunk;
    }
    if (text && !text.isWhole()) throw notText();
  }
  return { inspect, result: () => ({ sizeBytes, sha256: hash.digest('hex') }) };
};

async function* joined(head: Uint8Array, rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield head;
  yield* rest;
}

/**
 * Stores the file's bytes as a new object.
 * @throws {Failure} `invalid_input`, `too_large`, `wrong_media_type`; `storage_unavailable` when the store is away
 */
export const receive = async (file: FormFile, objects: ObjectStore, limits: ReceiveLimits): Promise<ReceivedFile> => {
  try {
    const head = await readHead(file.chunks);
    if (head.length === 0) throw new Failure('invalid_input', 'file: it is empty');
    if (head.length > limits.maxFileBytes) throw tooLarge(limits.maxFileBytes);
    const contentType = await judgeType(head, file.declaredType, limits.allowedTypes);
    const size: Size | undefined = isImage(contentType) ? await measure(head, limits.maxImagePixels) : undefined;
    const objectId = crypto.randomUUID();
    const { inspect, result } = createInspector(contentType, limits.maxFileBytes);
    await objects.put(fileKey(objectId), inspect(head, file.chunks));
    return { objectId, contentType, ...result(), width: size?.width ?? null, height: size?.height ?? null };
  } finally {
    await file.chunks.return(undefined);
  }
};
