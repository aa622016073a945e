/**
 * Answers an address that ends in a slash like the one without, if that has a route: clients write the addresses of collections both
 * ways. Routes themselves match exactly. Use this plugin before others that handle errors.
 */

import { type AnyElysia, Elysia, NotFoundError } from 'elysia';
import { requestUrl } from '../network/request-url.ts';
import { takes } from './methods.ts';

const isRead = (method: string): boolean => method === 'GET' || method === 'HEAD';

/** The address without its slash; undefined when it has none, or there is no such route. */
const withoutSlash = (app: AnyElysia, { url: asked, method }: Request): URL | undefined => {
  const url = requestUrl(asked);
  const path = url.pathname.replace(/\/$/, '');
  if (path === '' || path === url.pathname || !takes(app, method, path)) return undefined;
  url.pathname = path;
  return url;
};

export const slashes = () => {
  let app: AnyElysia | undefined;
  return new Elysia({ name: 'slashes' })
    .onStart((started) => {
      app = started;
    })
    .onError({ as: 'global' }, ({ error, request, set }) => {
      const url = app && error instanceof NotFoundError ? withoutSlash(app, request) : undefined;
      if (!app || !url) return undefined;
      if (isRead(request.method)) return app.handle(new Request(url, request));
      // Other methods are redirected: a second `handle` would lack the connection and the body. Relative, since a gateway may add a prefix.
      const location = `../${url.pathname.slice(url.pathname.lastIndexOf('/') + 1)}${url.search}`;
      set.status = 308;
      set.headers.location = location;
      return { detail: `This address has no slash at its end: ${location}` };
    });
};
