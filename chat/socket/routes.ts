/** `GET /ws/{room_id}/{user_id}`: the upgrade. A fault is answered with a close code, because a browser can't see why an upgrade failed. */

import { Failure } from '@parley/kit/errors/failure';
import type { Callers } from '@parley/kit/http/callers';
import type { Identity } from '@parley/kit/identity/identity';
import { requestUrl } from '@parley/kit/network/request-url';
import { Elysia } from 'elysia';
import { errors } from '../errors.ts';
import { parseAddress } from './address.ts';
import { asyncApi } from './asyncapi.ts';
import { type Connection, RefusedConnection } from './connection.ts';
import { Session, type SessionDeps } from './session.ts';

/** The path prefix of chat's sockets. A refused upgrade below it gets a socket that is closed with a code. */
export const SOCKET_PATH = '/ws/';

export interface SocketRoutesDeps extends SessionDeps {
  readonly identity: Identity;
  readonly callers: Callers;
  readonly hasDocs: boolean;
}

const connectionOf = (request: Request, { identity, callers, ...deps }: SocketRoutesDeps): Connection => {
  const parsed = parseAddress(requestUrl(request.url));
  if ('fault' in parsed) return new RefusedConnection(parsed.fault, deps.metrics);
  const { headers } = request;
  const fault = callers.faultOf(request);
  return new Session(parsed.address, deps, async () => {
    if (fault) throw fault;
    await identity.requireUser(headers, parsed.address.userId);
  });
};

export const socketRoutes = (deps: SocketRoutesDeps) => {
  const sockets = new Elysia({ name: 'socket' }).get(
    '/ws/*',
    ({ request, server }) => {
      if (server?.upgrade(request, { data: connectionOf(request, deps) })) return undefined;
      throw new Failure(
        errors.invalid_input,
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
