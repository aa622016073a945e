/** One file on its way to the file service. */
import { type FileView, uploadFile } from '@parley/client/api/file';
import type { ArgsOf } from '@parley/client/endpoint';
import { requestOf } from '@parley/client/request';
import { type FileFacts, withFacts } from '../../views/file.ts';
import { refusalInWords } from '../../views/refusal.ts';
import { requestUrl } from '../page/api.ts';

type UploadArgs = ArgsOf<typeof uploadFile>;

/** A stored file, as a message names it. */
export interface Stored {
  readonly name: string;
  readonly url: string;
}

/** The service has judged the file, and would judge it alike again: too large, of a type that isn't taken, empty, not decodable. */
export class FileRefused extends Error {}

const JUDGED = new Set([413, 415, 422]);

const faultOf = (status: number, answer: unknown): string => {
  if (status === 0) return 'There is no connection at the moment.';
  const detail = (answer as { detail?: unknown } | null)?.detail;
  if (typeof detail === 'string') return refusalInWords(detail);
  return status === 413 ? 'The file is too large.' : `The server answered ${status}.`;
};

/** As long as nothing moves, neither bytes nor the answer: the connection is gone without a word. As long as the gateway waits. */
const STALLED_AFTER_MS = 60_000;

/** Calls back when it has not been told of progress for too long. */
const watchProgress = (onStalled: () => void): { moved(): void; end(): void } => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = (): void => clearTimeout(timer);
  const moved = (): void => {
    end();
    timer = setTimeout(onStalled, STALLED_AFTER_MS);
  };
  moved();
  return { moved, end };
};

/** @throws {Error} in words, also when it was aborted; {FileRefused} when sending it again is in vain */
const upload = (args: UploadArgs, onProgress: (share: number) => void, signal: AbortSignal): Promise<FileView> =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let isStalled = false;
    const watch = watchProgress(() => {
      isStalled = true;
      request.abort();
    });
    // What is no JSON, a gateway's page for one, is null then.
    request.responseType = 'json';
    request.upload.addEventListener('progress', ({ loaded, total }) => {
      watch.moved();
      onProgress(total > 0 ? loaded / total : 0);
    });
    request.addEventListener('loadend', () => {
      watch.end();
      const { status, response } = request;
      if ((status === 200 || status === 201) && response !== null) resolve(response);
      else if (JUDGED.has(status)) reject(new FileRefused(faultOf(status, response)));
      else reject(new Error(isStalled ? 'It got stuck on its way.' : faultOf(status, response)));
    });
    signal.addEventListener('abort', () => request.abort());
    request.open(uploadFile.method, requestUrl(uploadFile, args));
    request.send(requestOf(uploadFile, args).body);
  });

/** Pixels of an image, where the service doesn't say. */
const sizeOf = async (file: File): Promise<Pick<FileFacts, 'width' | 'height'>> => {
  if (!file.type.startsWith('image/')) return {};
  try {
    const bitmap = await createImageBitmap(file);
    const { width, height } = bitmap;
    bitmap.close();
    return { width, height };
  } catch {
    // The browser can't read it; its place on the page is a guess then.
    return {};
  }
};

/**
 * Sends a file.
 * @param onProgress told how much of it has gone, 0 to 1
 * @throws {Error} in words, also when it was aborted; {FileRefused} when sending it again is in vain
 */
export const transfer = async (
  file: File,
  to: Omit<UploadArgs, 'file'>,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<Stored> => {
  const uploaded = await upload({ file, ...to }, onProgress, signal);
  const { original_name: name, content_type: type, size_bytes: sizeBytes, width, height } = uploaded;
  const size = width && height ? { width, height } : await sizeOf(file);
  return { name, url: withFacts(uploaded.download_url, { type, sizeBytes, ...size }) };
};
