/**
 * Reads the one form that may carry files: a message with attachments, sent without scripts. Such a form is held in memory whole, with
 * copies of its files while they are uploaded to the file service. So only a few are read at a time, in a queue bounded per user and per
 * address, and no byte of a body is read before its turn. A form with a text alone isn't queued.
 */
import { readBytes } from '@parley/kit/http/reading';
import { createLine } from '@parley/kit/limits/line';
import { atPace } from '@parley/kit/limits/pace';

export interface Sender {
  readonly address: string;
  readonly userId: string;
}

export interface FileForms {
  /**
   * Reads the form when its turn comes. Its place in the queue is free again when the work ends.
   * @throws {Failure} `too_large`, `too_slow`, `overloaded` with `retry_after_ms`
   */
  take<T>(request: Request, sender: Sender, work: (form: FormData) => Promise<T>): Promise<T>;
}

/** Twice the size of a form with the longest text: a character has up to three bytes, each of them three when percent-encoded. */
const TEXT_BYTES = 144 * 1_024;

const PACE = { minBytesPerS: 16_384, graceMs: 10_000, timeoutMs: 300_000 };

const LINE = {
  places: 6,
  placesPerGroup: 2,
  placesPerOwner: 1,
  maxWaiting: 120,
  maxWaitingPerGroup: 20,
  maxWaitingPerOwner: 4,
  maxWaitMs: 30_000,
  retryAfterMs: 5_000,
  detail: 'Too many files are on their way at the moment; send yours again in some seconds',
};

/** Decided by `Content-Length`; a form without one counts as carrying files. */
const isTextAlone = ({ headers }: Request): boolean =>
  Number(headers.get('content-length') ?? Number.NaN) <= TEXT_BYTES;

/** @param maxBytes of a whole form */
export const createFileForms = (maxBytes: number): FileForms => {
  const line = createLine(LINE);

  const read = async ({ body, headers }: Request): Promise<FormData> => {
    const bytes = body ? await readBytes(atPace(body, PACE), maxBytes) : new Blob();
    return new Response(bytes, { headers: { 'content-type': headers.get('content-type') ?? '' } }).formData();
  };

  return {
    take: async (request, { address, userId }, work) => {
      if (isTextAlone(request)) return work(await read(request));
      const ticket = { group: address, owner: userId, signal: request.signal };
      return line.run(ticket, async () => work(await read(request)));
    },
  };
};
