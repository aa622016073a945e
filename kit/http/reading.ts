/** Reads a request's body: at most the allowed bytes, valid UTF-8, and JSON without keys such as `__proto__`. */

import { errors } from '../errors/errors.ts';
import { Failure } from '../errors/failure.ts';
import { parseJson } from '../text/json.ts';
import { type JudgedBody, tooLarge } from './bodies.ts';

const strictDecoder = new TextDecoder('utf-8', { fatal: true });

/** @throws {Failure} `invalid_input` if the percent-encoding is not UTF-8, which the runtime would turn into U+FFFD */
export const requireUtf8Address = (url: string): void => {
  if (!url.includes('%')) return;
  try {
    decodeURIComponent(url);
  } catch (error) {
    throw new Failure(errors.invalid_input, 'The address is not percent-encoded UTF-8', { cause: error });
  }
};

/** @throws {Failure} `too_large` as soon as more bytes arrived than are allowed */
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

/** Counts the bytes of a chunked body. A body with `content-length` needs no counting: `judgeBody` checked that header. */
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

/** Replaces the request's methods that read the body. `json` rejects with a `TypeError` or `SyntaxError` for invalid JSON. */
export const boundBody = (request: Request, { maxBytes }: Pick<JudgedBody, 'maxBytes'>): void => {
  if (maxBytes !== undefined && request.headers.has('transfer-encoding')) boundReading(request, maxBytes);
  request.json = async () => parseJson(strictDecoder.decode(await request.arrayBuffer()));
};
