/** A file's bytes as an answer: from the store to the client as fast as the client reads. */
import { Failure } from '@parley/kit/errors';
import { createLine, type Line, type Ticket } from '@parley/kit/line';
import type { StoredFile } from '../files/rules.ts';
import { type ByteRange, fileKey, type ObjectBody, type ObjectStore } from '../objects/store.ts';
import { createGathering } from './gathering.ts';
import { holdToPace } from './held.ts';
import { cacheHeaders, contentHeaders, isNotModified, rangeOf } from './rules.ts';

export interface DownloadLimits {
  /** Larger ones are streamed. */
  readonly wholeDownloadBytes: number;
  /** Streamed at the same time. */
  readonly maxDownloads: number;
  readonly downloadMinBytesPerS: number;
}

export interface Downloads {
  /**
   * Answers GET or HEAD. HEAD, 304 and 416 don't ask the store.
   * @param address whose turn it is, where the bytes are streamed
   * @throws {Failure} `range_not_satisfiable`, `unknown_file` when the object is gone, `overloaded`, `storage_unavailable`
   */
  answer(request: Request, file: StoredFile, address: string): Promise<Response>;
}

const openLine = (maxDownloads: number): Line =>
  createLine({
    places: maxDownloads,
    placesPerGroup: Math.ceil(maxDownloads / 2),
    placesPerOwner: Math.ceil(maxDownloads / 2),
    maxWaiting: maxDownloads * 4,
    maxWaitingPerGroup: maxDownloads,
    maxWaitingPerOwner: maxDownloads,
    maxWaitMs: 30_000,
    retryAfterMs: 5_000,
    detail: 'Too many downloads are under way at the moment; try again in some seconds',
  });

const GRACE_MS = 10_000;

export const createDownloads = (objects: ObjectStore, limits: DownloadLimits): Downloads => {
  const line = openLine(limits.maxDownloads);
  const gathering = createGathering(limits.wholeDownloadBytes);
  const pace = { minBytesPerS: limits.downloadMinBytesPerS, graceMs: GRACE_MS, timeoutMs: Number.POSITIVE_INFINITY };

  const openBytes = async (file: StoredFile, range: ByteRange): Promise<ObjectBody> => {
    const body = await objects.open(fileKey(file.objectId), range);
    if (!body) throw new Failure('unknown_file', 'The bytes of this file are gone from the store');
    return body;
  };

  /** Resolves with the stream in its turn. Its place is held until its end. */
  const streamOf = (file: StoredFile, range: ByteRange, ticket: Ticket): Promise<ObjectBody> =>
    new Promise((resolve, reject) => {
      const hold = async (): Promise<void> => {
        const body = await openBytes(file, range);
        if (body instanceof Blob) return resolve(body);
        const { stream, ended } = holdToPace(body, pace);
        resolve(stream);
        await ended;
      };
      line.run(ticket, hold).catch(reject);
    });

  const bytesOf = async (file: StoredFile, range: ByteRange, ticket: Ticket): Promise<ObjectBody | ArrayBuffer> => {
    const size = range.end - range.start;
    if (!gathering.hasRoom(size)) return streamOf(file, range, ticket);
    return gathering.gather(() => openBytes(file, range), size);
  };

  return {
    answer: async ({ method, headers, signal }, file, address) => {
      if (isNotModified(headers, file)) return new Response(null, { status: 304, headers: cacheHeaders(file) });
      const asked = rangeOf(headers, file);
      if (asked === 'unsatisfiable')
        throw new Failure('range_not_satisfiable', `The file has ${file.sizeBytes} bytes, counted from 0`);
      const { start, end } = asked ?? { start: 0, end: file.sizeBytes };
      const range = asked ? { 'content-range': `bytes ${start}-${end - 1}/${file.sizeBytes}` } : {};
      const answer = { status: asked ? 206 : 200, headers: { ...contentHeaders(file), ...range } };
      const ticket = { group: address, owner: address, signal };
      if (method !== 'HEAD') return new Response(await bytesOf(file, { start, end }, ticket), answer);
      return new Response(null, { ...answer, headers: { ...answer.headers, 'content-length': String(end - start) } });
    },
  };
};
