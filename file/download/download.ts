/** Answers with a file's bytes, streamed from the store as fast as the client reads. */
import { Failure } from '@parley/kit/errors/failure';
import { errors } from '../errors.ts';
import type { StoredFile } from '../files/rules.ts';
import { type ByteRange, fileKey, type ObjectBody, type ObjectStore } from '../objects/store.ts';
import { cacheHeaders, contentHeaders, isNotModified, rangeOf } from './rules.ts';

/** The bytes that all downloads together may hold in memory. Further downloads are streamed. */
const MAX_GATHERING_BYTES = 64 * 1_024 * 1_024;

export interface Downloads {
  /**
   * Answers GET or HEAD. HEAD, 304 and 416 read nothing from the store.
   * @throws {Failure} `range_not_satisfiable`, `unknown_file` when the object is gone, `storage_unavailable`
   */
  answer(request: Request, file: StoredFile): Promise<Response>;
}

export const createDownloads = (objects: ObjectStore, wholeDownloadBytes: number): Downloads => {
  let gatheringBytes = 0;

  /** Bun sends a Content-Length only for a body in memory or a file on disk, so small bodies are read into memory first. */
  const withLength = async (body: ObjectBody, size: number): Promise<Blob | ReadableStream | ArrayBuffer> => {
    if (body instanceof Blob || size > wholeDownloadBytes || gatheringBytes + size > MAX_GATHERING_BYTES) return body;
    gatheringBytes += size;
    try {
      return await new Response(body).arrayBuffer();
    } finally {
      gatheringBytes -= size;
    }
  };

  const bytesOf = async (file: StoredFile, range: ByteRange) => {
    const body = await objects.open(fileKey(file.objectId), range);
    if (!body) throw new Failure(errors.unknown_file, 'The bytes of this file are gone from the store');
    return withLength(body, range.end - range.start);
  };

  return {
    answer: async ({ method, headers }, file) => {
      if (isNotModified(headers, file)) return new Response(null, { status: 304, headers: cacheHeaders(file) });
      const asked = rangeOf(headers, file);
      if (asked === 'unsatisfiable')
        throw new Failure(errors.range_not_satisfiable, `The file has ${file.sizeBytes} bytes, counted from 0`);
      const { start, end } = asked ?? { start: 0, end: file.sizeBytes };
      const range = asked ? { 'content-range': `bytes ${start}-${end - 1}/${file.sizeBytes}` } : {};
      const answer = { status: asked ? 206 : 200, headers: { ...contentHeaders(file), ...range } };
      if (method !== 'HEAD') return new Response(await bytesOf(file, { start, end }), answer);
      return new Response(null, { ...answer, headers: { ...answer.headers, 'content-length': String(end - start) } });
    },
  };
};
