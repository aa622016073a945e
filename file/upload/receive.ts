/**
 * Streams a file from a request into the object store, and checks, measures and hashes it on the way. A file that is refused, at whatever
 * byte, leaves nothing in the store.
 */
import { Failure } from '@parley/kit/errors/failure';
import { errors } from '../errors.ts';
import { type Charset, cleanName, isImage, type ReceivedFile } from '../files/rules.ts';
import { measure } from '../images/image.ts';
import type { Size } from '../images/size.ts';
import { withoutLocation } from '../metadata/strip.ts';
import { fileKey, type ObjectStore } from '../objects/store.ts';
import { judgeType } from './content-type.ts';
import { type FormFile, tooLarge } from './form-file.ts';
import type { TextCheck } from './text.ts';

export interface ReceiveLimits {
  readonly maxFileBytes: number;
  readonly maxImagePixels: number;
  readonly allowedTypes: readonly string[];
}

/** Enough to recognize any type, and to find a picture's size after its metadata. */
const HEAD_BYTES = 512 * 1_024;

/** Reads the first `HEAD_BYTES` or a little more; all bytes of a smaller file. */
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

const NOT_TEXT =
  'file: it begins as text but is none: text is UTF-8, UTF-16 with a byte order mark or 8-bit, without control characters';

/** Checks every byte that the sender sends: the size limit, and whether text stays text. */
const createInspector = (text: TextCheck | undefined, maxFileBytes: number) => {
  let receivedBytes = 0;
  let charset: Charset | undefined;

  async function* inspect(chunks: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      receivedBytes += chunk.length;
      if (receivedBytes > maxFileBytes) throw tooLarge(maxFileBytes);
      if (text && !text.accepts(chunk)) throw new Failure(errors.wrong_media_type, NOT_TEXT);
      yield chunk;
    }
    charset = text?.charset();
    if (text && !charset) throw new Failure(errors.wrong_media_type, NOT_TEXT);
  }
  return { inspect, charset: () => charset ?? null };
};

/** Counts and hashes every stored byte, which are those of a download. */
const createMeter = () => {
  const hash = new Bun.CryptoHasher('sha256');
  let sizeBytes = 0;

  async function* meter(chunks: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      sizeBytes += chunk.length;
      hash.update(chunk);
      yield chunk;
    }
  }
  return { meter, result: () => ({ sizeBytes, sha256: hash.digest('hex') }) };
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
    if (head.length === 0) throw new Failure(errors.invalid_input, 'file: it is empty: there is nothing in it to send');
    if (head.length > limits.maxFileBytes) throw tooLarge(limits.maxFileBytes);
    const { contentType, text } = await judgeType(
      { head, name: cleanName(file.name), declaredType: file.declaredType },
      limits.allowedTypes,
    );
    const size: Size | undefined = isImage(contentType) ? await measure(head, limits.maxImagePixels) : undefined;
    const objectId = crypto.randomUUID();
    const { inspect, charset } = createInspector(text, limits.maxFileBytes);
    const { meter, result } = createMeter();
    const stored = meter(withoutLocation(contentType, inspect(joined(head, file.chunks))));
    await objects.put(fileKey(objectId), stored);
    return {
      objectId,
      contentType,
      charset: charset(),
      ...result(),
      width: size?.width ?? null,
      height: size?.height ?? null,
    };
  } finally {
    await file.chunks.return(undefined);
  }
};
