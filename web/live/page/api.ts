/** How the page calls the services, on its own origin. */

import type { Endpoint } from '@parley/client/endpoint';
import { createHttp, urlOf } from '@parley/client/http';
import { requestOf } from '@parley/client/request';

export const call = createHttp({});

/** Endpoints of web's own, which has those of push for whoever is signed in. */
export const callWeb = createHttp({ urls: { notification: '' } });

/** For what sends its request itself. */
export const requestUrl = <Args extends object>(endpoint: Endpoint<Args, unknown>, args: NoInfer<Args>): string =>
  urlOf({}, endpoint.service, requestOf(endpoint, args).path);

/** What failed, for a person. */
export const inWords = (error: unknown): string => (error instanceof Error ? error.message : String(error));
