/** Files on their way: by button, drop or paste; a bar and a cancel button each; what goes wrong in words. */
import type { FileFacts } from '../views/file.ts';
import { sizeInWords, withFacts } from '../views/file.ts';
import { html } from '../views/html.ts';
import { icon } from '../views/icon.ts';
import { toast } from './announce.ts';
import { uploadPath } from './api.ts';
import { type Place, part } from './place.ts';
import { elementOf } from './trust.ts';

interface Uploaded {
  readonly original_name: string;
  readonly content_type: string;
  readonly size_bytes: number;
  readonly download_url: string;
  readonly width?: number | null;
  readonly height?: number | null;
}

const AT_ONCE = 3;
const MOST_WAITING = 20;

const row = (file: File) =>
  elementOf(
    html`<li>${icon('file')}<span class="label"><bdi>${file.name}</bdi> <small>${sizeInWords(file.size)}</small></span><progress max="1" value="0" aria-label="${file.name}"></progress><button type="button" class="icon-button" aria-label="Cancel ${file.name}" title="Cancel">${icon('close')}</button></li>`,
  );

const faultOf = (status: number, text: string): string => {
  if (status === 0) return 'There is no connection at the moment.';
  try {
    const { detail } = JSON.parse(text) as { detail?: unknown };
    if (typeof detail === 'string') return detail;
  } catch {
    // Not our service's words: a gateway's, say.
  }
  return status === 413 ? 'The file is too large.' : `The server answered ${status}.`;
};

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

export const createUploads = (
  { element, room, reader, signal }: Place,
  send: (name: string, fileUrl: string) => boolean,
): void => {
  const list = part('uploads');
  const picker = part('files') as HTMLInputElement;
  const waiting: (() => void)[] = [];
  let running = 0;

  const next = (): void => {
    if (running >= AT_ONCE) return;
    const start = waiting.shift();
    if (!start) return;
    running += 1;
    start();
  };

  const finish = async (file: File, uploaded: Uploaded): Promise<void> => {
    const {
      original_name: name,
      content_type: type,
      size_bytes: sizeBytes,
      download_url: url,
      width,
      height,
    } = uploaded;
    const size = width && height ? { width, height } : await sizeOf(file);
    if (!send(name, withFacts(url, { type, sizeBytes, ...size }))) toast('Too many messages wait to be sent already');
  };

  const transfer = (file: File, item: HTMLElement, done: () => void): XMLHttpRequest => {
    const request = new XMLHttpRequest();
    const bar = item.querySelector('progress');
    const fail = (why: string): void => {
      item.querySelector('.why')?.remove();
      item.append(
        elementOf(
          html`<span class="why" role="alert">${why} <button type="button" class="quiet" data-again>Try again</button></span>`,
        ),
      );
    };
    request.upload.addEventListener('progress', ({ loaded, total }) => {
      if (bar) bar.value = total > 0 ? loaded / total : 0;
    });
    request.addEventListener('loadend', () => {
      done();
      if (request.status === 201 || request.status === 200) {
        item.remove();
        void finish(file, JSON.parse(request.responseText) as Uploaded);
      } else if (item.isConnected) fail(faultOf(request.status, request.responseText));
    });
    const form = new FormData();
    form.set('file', file);
    request.open('POST', uploadPath(reader.id, room));
    request.send(form);
    return request;
  };

  const add = (file: File): void => {
    if (list.childElementCount >= MOST_WAITING) return toast(`At most ${MOST_WAITING} files at once`);
    const item = row(file);
    let request: XMLHttpRequest | undefined;
    const start = (): void => {
      if (!item.isConnected) {
        running -= 1;
        return next();
      }
      request = transfer(file, item, () => {
        running -= 1;
        next();
      });
    };
    item.addEventListener('click', ({ target }) => {
      if (!(target instanceof Element)) return;
      if (target.closest('[data-again]')) {
        item.querySelector('.why')?.remove();
        waiting.push(start);
        next();
      } else if (target.closest('.icon-button')) {
        item.remove();
        request?.abort();
      }
    });
    list.append(item);
    waiting.push(start);
    next();
  };

  const addAll = (files: Iterable<File>): void => {
    for (const file of files) add(file);
  };

  picker.addEventListener(
    'change',
    () => {
      addAll(picker.files ?? []);
      picker.value = '';
    },
    { signal },
  );
  document.addEventListener(
    'paste',
    (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      addAll(files);
    },
    { signal },
  );
  const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
  element.addEventListener(
    'dragover',
    (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      element.classList.add('dropping');
    },
    { signal },
  );
  element.addEventListener('dragleave', () => element.classList.remove('dropping'), { signal });
  element.addEventListener(
    'drop',
    (event) => {
      element.classList.remove('dropping');
      if (!hasFiles(event)) return;
      event.preventDefault();
      addAll(event.dataTransfer?.files ?? []);
    },
    { signal },
  );
  window.addEventListener(
    'beforeunload',
    (event) => {
      if (list.childElementCount > 0) event.preventDefault();
    },
    { signal },
  );
};
