/** The methods that an address takes, so that a wrong method is answered with 405 and not as if the address were wrong. */

import type { AnyElysia } from 'elysia';
import { requestUrl } from '../network/request-url.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Whether a request of this method finds a route at this path. */
export const takes = ({ router }: AnyElysia, asked: string, path: string): boolean => {
  const method = asked === 'HEAD' ? 'GET' : asked;
  // The framework keeps paths without parameters in a table of their own.
  return router.static[path]?.[method] !== undefined || Boolean(router.http.find(method, path));
};

/** The other methods that the request's address takes, in a fixed order. */
export const otherMethods = (app: AnyElysia, { url, method }: Request): string[] => {
  const { pathname } = requestUrl(url);
  return METHODS.filter((other) => other !== method && takes(app, other, pathname));
};
