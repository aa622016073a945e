/** Which methods an address takes, so that a wrong method isn't answered as if the address were wrong. */
import type { AnyElysia } from 'elysia';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

export interface MethodTable {
  /** The application whose routes count. Before it is told, every address takes no method. */
  app: AnyElysia | undefined;
  /** The other methods that the request's address takes, in a fixed order. */
  othersOf(request: Request): string[];
}

export const createMethodTable = (): MethodTable => ({
  app: undefined,
  othersOf({ url, method }) {
    const { pathname } = new URL(url);
    const takes = (method: string) =>
      // The framework keeps paths without parameters in a table of their own.
      this.app?.router.static[pathname]?.[method] !== undefined ||
      Boolean(this.app?.router.http.find(method, pathname));
    return METHODS.filter((other) => other !== method && takes(other));
  },
});
