/** Finds the one file in an upload's form. */
import { Failure } from '@parley/kit/errors/failure';
import { atPace, type PaceLimits } from '@parley/kit/limits/pace';
import { errors } from '../errors.ts';
import { boundaryOf, discard, type FormPart, readParts } from './multipart.ts';

export interface FormFile {
  /** The file name as the sender gave it. */
  readonly name: string;
  /** The Content-Type of the part, with its parameters. */
  readonly declaredType: string | undefined;
  /** The bytes. They end only after the rest of the form was parsed without error, so that no file is stored from a broken form. */
  readonly chunks: AsyncGenerator<Uint8Array>;
}

const FIELD = 'file';
/** The bytes that a form may have besides its file: boundaries, headers, other fields. */
const MAX_FORM_OVERHEAD_BYTES = 64 * 1_024;

const isFile = (part: FormPart): boolean => part.name === FIELD && part.fileName !== undefined;

export const tooLarge = (maxFileBytes: number): Failure =>
  new Failure(errors.too_large, `file: it is larger than ${maxFileBytes} bytes, the most that is taken`);

/** @throws {Failure} `invalid_input` when the connection ends early */
async function* fromSender(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw new Failure(errors.invalid_input, 'body: the connection ended before it was whole', { cause: error });
  }
}

/** @throws {Failure} `too_large` as soon as the body exceeds the limit */
async function* withinLimit(body: AsyncIterable<Uint8Array>, maxBytes: number, failure: Failure, pace: PaceLimits) {
  let size = 0;
  for await (const chunk of atPace(fromSender(body), pace)) {
    size += chunk.length;
    if (size > maxBytes) throw failure;
    yield chunk;
  }
}

async function* fileToEndOfForm(file: FormPart, parts: AsyncGenerator<FormPart>): AsyncGenerator<Uint8Array> {
  try {
    yield* file.chunks;
    for await (const other of parts) {
      if (isFile(other))
        throw new Failure(errors.invalid_input, 'file: one file at a time; send each in a request of its own');
      await discard(other.chunks);
    }
  } finally {
    await parts.return(undefined);
  }
}

/** @throws {Failure} `invalid_input` when there is no form or no file in it, `too_large`, `too_slow` */
export const openFormFile = async (request: Request, maxFileBytes: number, pace: PaceLimits): Promise<FormFile> => {
  const boundary = boundaryOf(request.headers.get('content-type'));
  const maxBodyBytes = maxFileBytes + MAX_FORM_OVERHEAD_BYTES;
  if (Number(request.headers.get('content-length')) > maxBodyBytes) throw tooLarge(maxFileBytes);
  if (!request.body) throw new Failure(errors.invalid_input, 'body: it is empty');
  const parts = readParts(withinLimit(request.body, maxBodyBytes, tooLarge(maxFileBytes), pace), boundary);
  for (;;) {
    const { done, value: part } = await parts.next();
    if (done) throw new Failure(errors.invalid_input, 'file: the form has no file in a field of this name');
    if (isFile(part)) {
      const chunks = fileToEndOfForm(part, parts);
      return { name: part.fileName ?? '', declaredType: part.contentType, chunks };
    }
    await discard(part.chunks);
  }
};
