/** The service as a client of its API sees it, for tests. */
import { expect } from 'bun:test';
import {
  type FileView,
  type ListFilesArgs,
  listFiles,
  readHealth,
  type UploadFileArgs,
  uploadFile,
} from '@parley/client/api/file';
import { createHttp } from '@parley/client/http';
import type { RunningService } from '@parley/kit/process/run';

type Content = Uint8Array | string;
type Destination = Omit<UploadFileArgs, 'file'>;

const CALL_TIMEOUT_MS = 120_000;

const fileOf = (content: Content, name: string, type: string): File =>
  new File([typeof content === 'string' ? content : new Uint8Array(content)], name, { type });

/** @param urlOf where the service answers, asked for at each call: it starts later than the client is made */
export const createClient = (urlOf: () => string, token?: string) => {
  const call = createHttp({ urls: { file: urlOf }, token, timeoutMs: CALL_TIMEOUT_MS });
  const ask = (path: string, init?: RequestInit) => fetch(urlOf() + path, init);

  return {
    ask,
    /** Uploads a file that may be refused. */
    post: (content: Content, name: string, type = '', destination: Destination = {}): Promise<Response> => {
      const form = new FormData();
      form.set('file', fileOf(content, name, type));
      const query = new URLSearchParams(Object.entries(destination).map(([name, value = '']) => [name, value]));
      return ask(`/upload?${query}`, { method: 'POST', body: form });
    },
    /** @throws {ParleyError} when it is refused */
    upload: (content: Content, name = 'a.txt', type = '', destination: Destination = {}): Promise<FileView> =>
      call(uploadFile, { ...destination, file: fileOf(content, name, type) }),
    listOf: (room: string, page: Omit<ListFilesArgs, 'room_id'> = {}): Promise<FileView[]> =>
      call(listFiles, { room_id: room, ...page }),
    health: () => call(readHealth, {}),
    remove: (id: string, userId = 'anonymous') => ask(`/${id}?user_id=${userId}`, { method: 'DELETE' }),
  };
};

/** The metrics of the service, as Prometheus reads them. */
export const readMetrics = async ({ metricsUrl = '' }: Pick<RunningService, 'metricsUrl'>): Promise<string> =>
  (await fetch(metricsUrl)).text();

/** @returns status, code and detail of an error answer */
export const refusalOf = async (response: Response | Promise<Response>): Promise<[number, string, string]> => {
  const { status } = await response;
  const refusal: { code?: unknown; detail?: unknown } = await (await response).json();
  expect(refusal).toEqual({ ...refusal, code: expect.any(String), detail: expect.any(String) });
  return [status, String(refusal.code), String(refusal.detail)];
};
