/** Uploads one file to the file service. */
import { type FileView, uploadFile } from '@parley/client/api/file';
import type { ArgsOf } from '@parley/client/endpoint';
import { requestOf } from '@parley/client/request';
import { type FileFacts, withFacts } from '../../views/file.ts';
import { refusalInWords } from '../../views/refusal.ts';
import { requestUrl } from '../page/api.ts';

type UploadArgs = ArgsOf<typeof uploadFile>;

/** A stored file, as a message refers to it. */
export interface Stored {
  readonly name: string;
  readonly url: string;
}

/** The service has refused the file itself (too large, wrong type, empty, not decodable): sending it again is of no use. */
export class FileRefused extends Error {}

const REFUSED = new Set([413, 415, 422]);

const faultOf = (status: number, answer: unknown): string => {
  if (status === 0) return 'There is no connection at the moment.';
  const detail = (answer as { detail?: unknown } | null)?.detail;
  if (typeof detail === 'string') return refusalInWords(detail);
  return status === 413 ? 'The file is too large.' : `The server answered ${status}.`;
};

/** Without progress for this time the connection is taken for dead. The gateway waits as long. */
const STALLED_AFTER_MS = 60_000;

/** Calls `onStalled` when `moved` isn't called for too long. */
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

/** `fetch` reports no progress of uploads, `XMLHttpRequest` does. Rejects as `transfer` does. */
const upload = (args: UploadArgs, onProgress: (share: number) => void, signal: AbortSignal): Promise<FileView> =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let isStalled = false;
    const watch = watchProgress(() => {
      isStalled = true;
      request.abort();
    });
    // An answer that isn't JSON, such as an error page of the gateway, is null then.
    request.responseType = 'json';
    request.upload.addEventListener('progress', ({ loaded, total }) => {
      watch.moved();
      onProgress(total > 0 ? loaded / total : 0);
    });
    request.addEventListener('loadend', () => {
      watch.end();
      const { status, response } = request;
      if ((status === 200 || status === 201) && response !== null) resolve(response);
      else if (REFUSED.has(status)) reject(new FileRefused(faultOf(status, response)));
      else reject(new Error(isStalled ? 'It got stuck on its way.' : faultOf(status, response)));
    });
    signal.addEventListener('abort', () => request.abort());
    request.open(uploadFile.method, requestUrl(uploadFile, args));
    request.send(requestOf(uploadFile, args).body);
  });

/** The pixels of an image, for the case that the service doesn't report them. */
const sizeOf = async (file: File): Promise<Pick<FileFacts, 'width' | 'height'>> => {
  if (!file.type.startsWith('image/')) return {};
  try {
    const bitmap = await createImageBitmap(file);
    const { width, height } = bitmap;
    bitmap.close();
    return { width, height };
  } catch {
    // The browser can't decode the image: the page reserves a default size for it.
    return {};
  }
};

/**
 * Uploads a file.
 * @param onProgress called with the part that was sent, 0 to 1
 * @throws {Error} with a text for the reader, also when it was aborted; {FileRefused} when trying again is of no use
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
