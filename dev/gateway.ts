/**
 * The development gateway: one origin for the whole suite, as nginx is in a deployment. It forwards requests by `gateway-routes.ts`, streams
 * bodies both ways and links WebSockets.
 */

import { errors } from '@parley/kit/errors/errors';
import { errorBody, Failure } from '@parley/kit/errors/failure';
import { closeCodes } from '@parley/kit/network/close-codes';
import { requestUrl } from '@parley/kit/network/request-url';
import { PortTaken } from '@parley/kit/process/run';
import { PAGE_MARK } from '@parley/web/views/page-mark';
import type { ServiceName } from '../services.ts';
import { routeOf } from './gateway-routes.ts';
import { connectLink, type Link, MAX_WAITING_BYTES } from './socket-link.ts';

export interface GatewayOptions {
  readonly host: string;
  readonly port: number;
  /** Where each service listens: `http://127.0.0.1:8020`. */
  readonly services: Readonly<Record<ServiceName, string>>;
}

export interface Gateway {
  readonly url: string;
  readonly port: number;
  /** Closes all sockets with the code on which clients reconnect (1012). */
  stop(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 5_000;
const IDLE_TIMEOUT_S = 240;
/** Above every limit of the services, so that the service rejects a body that is too large, with its own error. */
const MAX_BODY_BYTES = 1_024 ** 3;
const HOP_BY_HOP = ['connection', 'keep-alive', 'proxy-authorization', 'te', 'trailer', 'transfer-encoding', 'upgrade'];

type Server = Bun.Server<Link>;

const answer = (failure: Failure): Response => Response.json(errorBody(failure), { status: failure.status });

/** The headers of the forwarded request: the client's own, its address and the origin that it used. */
const forwardedHeaders = (request: Request, server: Server): Headers => {
  const headers = new Headers(request.headers);
  for (const name of HOP_BY_HOP) headers.delete(name);
  const { host, protocol } = requestUrl(request.url);
  const address = server.requestIP(request)?.address;
  const earlier = request.headers.get('x-forwarded-for');
  headers.set('x-forwarded-for', [earlier, address].filter(Boolean).join(', '));
  headers.set('x-forwarded-proto', protocol.slice(0, -1));
  headers.set('x-forwarded-host', request.headers.get('host') ?? host);
  if (!headers.has('x-request-id')) headers.set('x-request-id', crypto.randomUUID());
  return headers;
};

/** @param service only answers of web keep the header that marks a page */
const forwardRequest = async (
  request: Request,
  service: ServiceName,
  target: string,
  headers: Headers,
): Promise<Response> => {
  const response = await fetch(target, {
    method: request.method,
    headers,
    body: request.body,
    redirect: 'manual',
    decompress: false,
    signal: request.signal,
  });
  const returned = new Headers(response.headers);
  for (const name of HOP_BY_HOP) returned.delete(name);
  if (service !== 'web') returned.delete(PAGE_MARK);
  return new Response(response.body, { status: response.status, headers: returned });
};

const linkSocket = async (request: Request, server: Server, target: string, headers: Headers) => {
  const link = await connectLink(target.replace(/^http/, 'ws'), headers, CONNECT_TIMEOUT_MS);
  const chosen = link.protocol ? { headers: { 'sec-websocket-protocol': link.protocol } } : {};
  if (server.upgrade(request, { data: link, ...chosen })) return undefined;
  link.end(1001, 'The client has gone');
  return answer(new Failure(errors.invalid_input, 'The request is no WebSocket handshake'));
};

const handle = async (request: Request, server: Server, services: GatewayOptions['services']) => {
  const { pathname, search } = requestUrl(request.url);
  const route = routeOf(pathname);
  if (!route) return answer(new Failure(errors.not_found));
  const target = services[route.service] + route.path + search;
  const headers = forwardedHeaders(request, server);
  try {
    return request.headers.get('upgrade')?.toLowerCase() === 'websocket'
      ? await linkSocket(request, server, target, headers)
      : await forwardRequest(request, route.service, target, headers);
  } catch {
    return answer(new Failure(errors.service_away, `The ${route.service} service is away for a moment; try again`));
  }
};

/** @throws {PortTaken} */
export const startGateway = ({ host, port, services }: GatewayOptions): Gateway => {
  const clients: Clients = new Set();
  const server = listen(host, port, services, clients);
  const { code, reason } = closeCodes.restarting;
  return {
    url: `http://localhost:${server.port}`,
    port: server.port ?? port,
    stop: async () => {
      for (const client of clients) client.close(code, reason);
      await server.stop(true);
    },
  };
};

type Clients = Set<Bun.ServerWebSocket<Link>>;

const listen = (hostname: string, port: number, services: GatewayOptions['services'], clients: Clients): Server => {
  try {
    return Bun.serve<Link>({
      hostname,
      port,
      idleTimeout: IDLE_TIMEOUT_S,
      maxRequestBodySize: MAX_BODY_BYTES,
      fetch: (request, server) => handle(request, server, services),
      websocket: {
        idleTimeout: IDLE_TIMEOUT_S,
        backpressureLimit: MAX_WAITING_BYTES,
        closeOnBackpressureLimit: true,
        maxPayloadLength: MAX_WAITING_BYTES,
        open: (client) => {
          clients.add(client);
          client.data.open(client);
        },
        message: (client, frame) => client.data.forward(frame),
        close: (client, code, reason) => {
          clients.delete(client);
          client.data.end(code, reason);
        },
      },
    });
  } catch (error) {
    if ((error as { code?: string }).code === 'EADDRINUSE')
      throw new PortTaken('gateway', hostname, port, 'GATEWAY_PORT', { cause: error });
    throw error;
  }
};
