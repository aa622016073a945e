/** The service as a client of its API sees it, for tests. */
import { expect } from 'bun:test';
import type { RunningService } from '@parley/kit/process/run';
import type { FileView } from '../files/rules.ts';

/** @param urlOf where the service answers, asked for at each call: it starts later than the client is made */
export const createClient = (urlOf: () => string) => {
  const ask = (path: string, init?: RequestInit) => fetch(urlOf() + path, init);

  const post = (content: Uint8Array | string, name: string, type = '', query = ''): Promise<Response> => {
    const form = new FormData();
    form.set('file', new File([content as Uint8Array<ArrayBuffer>], name, { type }));
    return ask(`/upload${query}`, { method: 'POST', body: form });
  };

  return {
    ask,
    post,
    upload: async (content: Uint8Array | string, name = 'a.txt', type = '', query = ''): Promise<FileView> => {
      const response = await post(content, name, type, query);
      expect([response.status, response.ok || (await response.text())]).toEqual([201, true]);
      return (await response.json()) as FileView;
    },
    listOf: async (room: string, more = ''): Promise<FileView[]> =>
      (await (await ask(`/files?room_id=${room}${more}`)).json()) as FileView[],
    remove: (id: string, userId = 'anonymous') => ask(`/${id}?user_id=${userId}`, { method: 'DELETE' }),
  };
};

/** What the service tells Prometheus. */
export const readMetrics = async ({ metricsUrl = '' }: Pick<RunningService, 'metricsUrl'>): Promise<string> =>
  (await fetch(metricsUrl)).text();

/** @returns status, code and detail of an error answer */
export const refusalOf = async (response: Response | Promise<Response>): Promise<[number, string, string]> => {
  const { status } = await response;
  const { code, detail } = (await (await response).json()) as { code: string; detail: string };
  return [status, code, detail];
};
