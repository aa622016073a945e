/**
 * Parses a `multipart/form-data` body (RFC 7578) as a stream. The caller pulls each part's chunks, so that a slow store slows the sender
 * instead of filling memory. The parser holds one chunk and one delimiter.
 */
import { Failure } from '@parley/kit/errors/failure';
import { parse as parseDisposition } from 'content-disposition';
import { errors } from '../errors.ts';

export interface FormPart {
  readonly name: string;
  /** Absent when the part is a field, not a file. */
  readonly fileName: string | undefined;
  readonly contentType: string | undefined;
  /** Must be read to its end before the next part. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

const MAX_HEADER_BYTES = 16 * 1_024;
const MAX_PARTS = 100;
const MAX_BOUNDARY_CHARACTERS = 200;
const CRLF = '\r\n';

const broken = (what: string): Failure =>
  new Failure(errors.invalid_input, `body: the multipart form is broken: ${what}`);

/** @throws {Failure} `invalid_input` when the type is no multipart form or names no boundary */
export const boundaryOf = (contentType: string | null): string => {
  if (!/^multipart\/form-data\s*(;|$)/i.test(contentType ?? ''))
    throw new Failure(errors.invalid_input, 'body: send the file as multipart/form-data, in the field `file`');
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]+)"|([^\s;"]+))/i.exec(contentType ?? '') ?? [];
  const boundary = quoted ?? plain;
  if (!boundary || boundary.length > MAX_BOUNDARY_CHARACTERS) throw broken('its Content-Type names no boundary');
  return boundary;
};

/** Reads a body up to delimiters. Large chunks are passed on without copying. */
class ByteReader {
  readonly #body: AsyncIterator<Uint8Array>;
  // Every delimiter but the first begins with a line end. This one makes them all alike.
  #held: Buffer = Buffer.from(CRLF);

  constructor(body: AsyncIterator<Uint8Array>) {
    this.#body = body;
  }

  /** The bytes up to the delimiter, which is consumed. @param missing names the delimiter in the error when the body ends before it */
  async *chunksUntil(delimiter: Buffer, missing: string): AsyncGenerator<Uint8Array> {
    for (;;) {
      const end = this.#held.indexOf(delimiter);
      if (end >= 0) {
        if (end > 0) yield this.#take(end);
        this.#take(delimiter.length);
        return;
      }
      const sure = this.#held.length - delimiter.length + 1;
      if (sure > 0) yield this.#take(sure);
      const chunk = await this.#next(missing);
      if (chunk.length < delimiter.length || this.#splits(delimiter, chunk)) {
        this.#held = Buffer.concat([this.#held, chunk]);
        continue;
      }
      if (this.#held.length > 0) yield this.#held;
      this.#held = chunk;
    }
  }

  /** A short text up to the delimiter, which is consumed. */
  async textUntil(delimiter: string, missing: string): Promise<string> {
    while (!this.#held.includes(delimiter)) {
      if (this.#held.length > MAX_HEADER_BYTES) throw broken(`more than ${MAX_HEADER_BYTES} bytes before ${missing}`);
      await this.#more(missing);
    }
    return this.#take(this.#held.indexOf(delimiter), delimiter.length).toString();
  }

  async startsWith(text: string, missing: string): Promise<boolean> {
    while (this.#held.length < text.length) await this.#more(missing);
    return this.#held.toString('latin1', 0, text.length) === text;
  }

  /** Whether a delimiter begins in the held bytes and ends in the next chunk. Joins only the bytes around their seam. */
  #splits(delimiter: Buffer, chunk: Buffer): boolean {
    const seam = Buffer.concat([this.#held, chunk.subarray(0, delimiter.length)]);
    return seam.subarray(0, this.#held.length + delimiter.length - 1).includes(delimiter);
  }

  #take(count: number, skip = 0): Buffer {
    const taken = this.#held.subarray(0, count);
    this.#held = this.#held.subarray(count + skip);
    return taken;
  }

  async #more(missing: string): Promise<void> {
    this.#held = Buffer.concat([this.#held, await this.#next(missing)]);
  }

  async #next(missing: string): Promise<Buffer> {
    const { done, value } = await this.#body.next();
    if (done) throw broken(`it ends before ${missing}`);
    return Buffer.from(value.buffer, value.byteOffset, value.length);
  }
}

const headerOf = (block: string, name: string): string | undefined =>
  block
    .split(CRLF)
    .find((header) => header.toLowerCase().startsWith(`${name}:`))
    ?.slice(name.length + 1)
    .trim();

const describePart = (block: string): Omit<FormPart, 'chunks'> => {
  const { type, parameters } = parseDisposition(headerOf(block, 'content-disposition') ?? '', { multipart: true });
  const { name, filename } = parameters;
  if (type !== 'form-data' || name === undefined) throw broken('a part has no Content-Disposition with a name');
  return { name, fileName: filename, contentType: headerOf(block, 'content-type') || undefined };
};

/**
 * The parts of a form, in order. A caller that returns early releases the body.
 * @throws {Failure} `invalid_input` when the form is broken or ends early
 */
export async function* readParts(body: AsyncIterable<Uint8Array>, boundary: string): AsyncGenerator<FormPart> {
  const source = body[Symbol.asyncIterator]();
  const reader = new ByteReader(source);
  const delimiter = Buffer.from(`${CRLF}--${boundary}`);
  try {
    await discard(reader.chunksUntil(delimiter, 'its first boundary'));
    for (let count = 0; !(await reader.startsWith('--', 'its last boundary')); count += 1) {
      if (count === MAX_PARTS) throw broken(`it has more than ${MAX_PARTS} parts`);
      await reader.textUntil(CRLF, 'the end of a boundary');
      const block = await reader.textUntil(CRLF + CRLF, "the end of a part's headers");
      yield { ...describePart(block), chunks: reader.chunksUntil(delimiter, 'its last boundary') };
    }
  } finally {
    await source.return?.();
  }
}

export const discard = async (chunks: AsyncIterable<Uint8Array>): Promise<void> => {
  for await (const _ of chunks);
};
