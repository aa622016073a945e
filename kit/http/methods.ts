/** Which methods an address takes, so that a wrong method isn't answered as if the address were wrong. */

import type { AnyElysia } from 'elysia';
import { requestUrl } from '../network/request-url.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

export interface MethodTable {
  /** The application whose routes count. Before it is told, every address takes no method. */
  app: AnyElysia | undefined;
  /** Whether a request of this method finds a route at this path. */
  takes(method: string, path: string): boolean;
  /** The other methods that the request's address takes, in a fixed order. */
  othersOf(request: Request): string[];
}

export const createMethodTable = (): MethodTable => ({
  app: undefined,
  takes(asked, path) {
    const method = asked === 'HEAD' ? 'GET' : asked;
    // The framework keeps paths without parameters in a table of their own.
    return this.app?.router.static[path]?.[method] !== undefined || Boolean(this.app?.router.http.find(method, path));
  },
  othersOf({ url, method }) {
    const { pathname } = requestUrl(url);
    return METHODS.filter((other) => other !== method && this.takes(other, pathname));
  },
});
