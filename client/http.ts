/** Calls to the services' HTTP APIs, typed by their endpoints, through the gateway or directly. */
import { gateway, type ServiceName } from './api/gateway.ts';
import type { Endpoint } from './endpoint.ts';
import { ParleyError } from './error.ts';
import { requestOf } from './request.ts';

/** The address that paths are appended to, such as `https://chat.example.org`. A function is called for each call and each connection. */
export type Origin = string | (() => string);

/** A finished call, as `observe` gets it. */
export interface ObservedCall {
  readonly service: ServiceName;
  readonly method: string;
  /** The endpoint's path with the names of its parameters, such as `/rooms/:room_id`, not their values. */
  readonly path: string;
  /** 0: there was no answer. */
  readonly status: number;
  readonly durationMs: number;
}

export interface HttpOptions {
  /** The gateway, which forwards to all services. '' is the origin of the page. */
  readonly baseUrl?: Origin | undefined;
  /** Services that are called directly instead of through the gateway. */
  readonly urls?: Partial<Readonly<Record<ServiceName, Origin>>> | undefined;
  /** The user's token, where the operator has set `AUTH_SECRET`. A page has a cookie instead. A function is called for each call and connection. */
  readonly token?: string | (() => string | undefined) | undefined;
  /** As `fetch`, for a proxy or for tests. */
  readonly fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
  /** The longest that a call may take. 8 seconds unless given. */
  readonly timeoutMs?: number | undefined;
  /** Called after each call, as for metrics. */
  observe?(call: ObservedCall): void;
}

export interface CallOptions {
  /** Aborts the call, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Instead of the `timeoutMs` of `HttpOptions`. */
  readonly timeoutMs?: number | undefined;
  /** Further headers of the request. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The browser finishes the request when the page is closed (`fetch`'s `keepalive`). */
  readonly keepalive?: boolean | undefined;
}

/**
 * Calls an operation with one flat object of arguments.
 * @throws {ParleyError} when the service refuses or doesn't answer; the reason of `signal` when that is aborted
 */
export type Call = <Args extends object, Result>(
  endpoint: Endpoint<Args, Result>,
  args: NoInfer<Args>,
  options?: CallOptions,
) => Promise<Result>;

const TIMEOUT_MS = 8_000;

const originOf = (origin: Origin): string => (typeof origin === 'string' ? origin : origin()).replace(/\/+$/, '');

/** @param path from the service's root, with its query */
export const urlOf = ({ baseUrl = '', urls }: HttpOptions, service: ServiceName, path: string): string => {
  const direct = urls?.[service];
  if (direct !== undefined) return originOf(direct) + path;
  const [prefix, noun] = gateway[service];
  const rest = noun !== undefined && path.startsWith(noun) ? path.slice(noun.length) : undefined;
  const isBelow = rest !== undefined && /^(?:[/?]|$)/.test(rest);
  return originOf(baseUrl) + prefix + (isBelow ? rest : path);
};

/** @param path of chat's socket, with its query */
export const socketUrlOf = ({ baseUrl = '', urls }: HttpOptions, path: string): string => {
  const origin = originOf(urls?.chat ?? baseUrl) || globalThis.location?.origin;
  if (!origin) throw new TypeError('Outside of a page `baseUrl` or `urls.chat` must say where Parley is');
  return origin.replace(/^http/i, 'ws') + path;
};

export const tokenOf = ({ token }: HttpOptions): string | undefined => (typeof token === 'function' ? token() : token);

interface Refusal {
  readonly detail?: unknown;
  readonly code?: unknown;
  readonly retry_after_ms?: unknown;
}

const retryAfterOf = (body: Refusal, headers: Headers): number | undefined => {
  if (typeof body.retry_after_ms === 'number') return body.retry_after_ms;
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1_000 : undefined;
};

const refusalOf = async (response: Response): Promise<ParleyError> => {
  // An error page of a gateway is no JSON: only its status is known then.
  const read: unknown = await response.json().catch(() => undefined);
  const body: Refusal = typeof read === 'object' && read !== null ? read : {};
  return new ParleyError(typeof body.detail === 'string' ? body.detail : `The server answered ${response.status}`, {
    status: response.status,
    code: typeof body.code === 'string' ? body.code : undefined,
    retryAfterMs: retryAfterOf(body, response.headers),
  });
};

/** @returns the answer to the request of a call, whatever its status */
const send = <Args extends object>(
  options: HttpOptions,
  endpoint: Endpoint<Args, unknown>,
  args: NoInfer<Args>,
  { signal, timeoutMs = options.timeoutMs ?? TIMEOUT_MS, headers, keepalive }: CallOptions,
): Promise<Response> => {
  const { method, path, headers: own, body } = requestOf(endpoint, args);
  const token = tokenOf(options);
  const timeout = AbortSignal.timeout(timeoutMs);
  return (options.fetch ?? fetch)(urlOf(options, endpoint.service, path), {
    method,
    headers: { ...own, ...(token !== undefined && { authorization: `Bearer ${token}` }), ...headers },
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    ...(body !== undefined && { body }),
    ...(keepalive && { keepalive }),
  });
};

/** @returns a function that calls any endpoint with these options. Uses the `fetch` of browsers, Bun and Node. */
export const createHttp =
  (options: HttpOptions): Call =>
  async (endpoint, args, callOptions = {}) => {
    const { service, method, path } = endpoint;
    const startedAt = performance.now();
    let status = 0;
    let response: Response;
    try {
      response = await send(options, endpoint, args, callOptions);
      status = response.status;
      if (response.ok) return await response.json();
    } catch (cause) {
      callOptions.signal?.throwIfAborted();
      // An answer that breaks off, or is no JSON (the login page of a hotel's network), counts as none.
      status = 0;
      throw new ParleyError('There is no connection at the moment', { status: 0, cause });
    } finally {
      options.observe?.({ service, method, path, status, durationMs: performance.now() - startedAt });
    }
    throw await refusalOf(response);
  };
