/** HTTP calls of the page to the services, through its own origin. */
import type { Endpoint } from '@parley/client/endpoint';
import { createHttp, urlOf } from '@parley/client/http';
import { requestOf } from '@parley/client/request';

export const call = createHttp({});

/** Calls endpoints of web itself: the push endpoints, which web serves for the signed-in user. */
export const callWeb = createHttp({ urls: { notification: '' } });

/** The URL of an endpoint, for a request that `fetch` doesn't send: a beacon, an upload with progress. */
export const requestUrl = <Args extends object>(endpoint: Endpoint<Args, unknown>, args: NoInfer<Args>): string =>
  urlOf({}, endpoint.service, requestOf(endpoint, args).path);

/** An error as a text for the reader. */
export const inWords = (error: unknown): string => (error instanceof Error ? error.message : String(error));
