/** `GET /ws/{room_id}/{user_id}`: the upgrade. Whatever is wrong is told by a close code, since a browser can't see a refused upgrade. */

import { Failure } from '@parley/kit/errors/errors';
import type { Callers } from '@parley/kit/http/callers';
import type { Identity } from '@parley/kit/identity/identity';
import { requestUrl } from '@parley/kit/network/request-url';
import { Elysia } from 'elysia';
import { parseAddress } from './address.ts';
import { asyncApi } from './asyncapi.ts';
import { Session, type SessionDeps } from './session.ts';

/** Upgrades below this path are refused by a close code. */
export const SOCKET_PATH = '/ws/';

export const socketRoutes = (deps: SessionDeps & { identity: Identity; callers: Callers; hasDocs: boolean }) => {
  const sockets = new Elysia({ name: 'socket' }).get(
    '/ws/*',
    ({ request, server }) => {
      const address = parseAddress(requestUrl(request.url));
      const headers = request.headers;
      const fault = deps.callers.faultOf(request);
      const authorize = async () => {
        if (fault) throw fault;
        if (typeof address !== 'string') await deps.identity.requireUser(headers, address.userId);
      };
      if (server?.upgrade(request, { data: new Session(address, deps, authorize) })) return undefined;
      throw new Failure(
        'invalid_input',
        'This address speaks WebSocket: connect with ws://, as docs/protocol.md shows',
      );
    },
    { detail: { hide: true } },
  );
  if (!deps.hasDocs) return sockets;
  const document = asyncApi();
  return sockets.get('/asyncapi.json', () => document, {
    detail: {
      summary: 'The socket’s frames',
      description: 'An AsyncAPI 3 document of every frame, error and close code.',
      tags: ['socket'],
    },
  });
};
