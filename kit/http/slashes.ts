/**
 * Answers an address with a slash at its end as the one without, if there is a route: collections are asked for either way. Routes
 * themselves match exactly. Use it before whatever else answers errors.
 */

import { Elysia, NotFoundError } from 'elysia';
import { requestUrl } from '../network/request-url.ts';
import { createMethodTable } from './methods.ts';

const isRead = (method: string): boolean => method === 'GET' || method === 'HEAD';

export const slashes = () => {
  const methods = createMethodTable();

  /** The address that is meant, if there is one. */
  const meantBy = ({ url: asked, method }: Request): URL | undefined => {
    const url = requestUrl(asked);
    const path = url.pathname.replace(/\/$/, '');
    if (path === '' || path === url.pathname || !methods.takes(method, path)) return undefined;
    url.pathname = path;
    return url;
  };

  return new Elysia({ name: 'slashes' })
    .onStart((app) => {
      methods.app = app;
    })
    .onError({ as: 'global' }, ({ error, request, set }) => {
      const meant = error instanceof NotFoundError ? meantBy(request) : undefined;
      if (!meant) return undefined;
      // What has an effect is asked for anew, so that it comes with its own connection, address and body.
      if (isRead(request.method)) return methods.app?.handle(new Request(meant, request));
      // Relative, since a gateway may have a prefix.
      const location = `../${meant.pathname.slice(meant.pathname.lastIndexOf('/') + 1)}${meant.search}`;
      set.status = 308;
      set.headers.location = location;
      return { detail: `This address has no slash at its end: ${location}` };
    });
};
