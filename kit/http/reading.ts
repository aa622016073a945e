/** Reads a request's body within its bounds: no more bytes than allowed, UTF-8 only, JSON without inherited keys. */

import { errors } from '../errors/errors.ts';
import { Failure } from '../errors/failure.ts';
import { parseJson } from '../text/json.ts';
import { type JudgedBody, tooLarge } from './bodies.ts';

const strictDecoder = new TextDecoder('utf-8', { fatal: true });

/** @throws {Failure} `invalid_input` when percent-encoded parts of the address aren't UTF-8: the runtime would read U+FFFD there */
export const requireUtf8Address = (url: string): void => {
  if (!url.includes('%')) return;
  try {
    decodeURIComponent(url);
  } catch (error) {
    throw new Failure(errors.invalid_input, 'The address is not percent-encoded UTF-8', { cause: error });
  }
};

/** @throws {Failure} `too_large` as soon as more has come than is allowed */
export const readBytes = async (body: AsyncIterable<Uint8Array<ArrayBuffer>>, maxBytes: number): Promise<Blob> => {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return new Blob(chunks);
};

/** A body that tells no length is counted while it comes; one that does is bounded by what it told. */
const boundReading = (request: Request, maxBytes: number): void => {
  let reading: Promise<Blob> | undefined;
  const read = (): Promise<Blob> => {
    reading ??= request.body ? readBytes(request.body, maxBytes) : Promise.resolve(new Blob());
    return reading;
  };
  const type = request.headers.get('content-type') ?? '';
  request.arrayBuffer = async () => (await read()).arrayBuffer();
  request.text = async () => (await read()).text();
  request.formData = async () => new Response(await read(), { headers: { 'content-type': type } }).formData();
};

/** Replaces the readers of this request. Its JSON rejects with a `TypeError` or `SyntaxError` when it is none. */
export const boundBody = (request: Request, { maxBytes }: Pick<JudgedBody, 'maxBytes'>): void => {
  if (maxBytes !== undefined && request.headers.has('transfer-encoding')) boundReading(request, maxBytes);
  request.json = async () => parseJson(strictDecoder.decode(await request.arrayBuffer()));
};
