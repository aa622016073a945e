/** Calls to the services' HTTP APIs, typed by their endpoints, through the gateway or directly. */
import { gateway, type ServiceName } from './api/gateway.ts';
import type { Endpoint } from './endpoint.ts';
import { ParleyError } from './error.ts';
import { requestOf } from './request.ts';

/** The root of an address, without a slash at its end; a function is asked anew for each call or connection. */
export type Origin = string | (() => string);

/** A finished call, as `observe` gets it. */
export interface ObservedCall {
  readonly service: ServiceName;
  readonly method: string;
  /** With the names of its parameters, not their values. */
  readonly path: string;
  /** 0: there was no answer. */
  readonly status: number;
  readonly durationMs: number;
}

export interface HttpOptions {
  /** The gateway, which has all services: `https://chat.example.org`. '' is the origin of the page. */
  readonly baseUrl?: Origin | undefined;
  /** Services that are called directly instead. */
  readonly urls?: Partial<Readonly<Record<ServiceName, Origin>>> | undefined;
  /** Proves who acts, where the operator asks for it. A page has a cookie instead. */
  readonly token?: string | (() => string | undefined) | undefined;
  readonly fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
  /** 8 seconds unless given. */
  readonly timeoutMs?: number | undefined;
  observe?(call: ObservedCall): void;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The request outlives the page. */
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

const originOf = (origin: Origin): string => (typeof origin === 'string' ? origin : origin());

/** The address of a path of a service, with its query. */
export const urlOf = ({ baseUrl = '', urls }: HttpOptions, service: ServiceName, path: string): string => {
  const direct = urls?.[service];
  if (direct !== undefined) return originOf(direct) + path;
  const [prefix, noun] = gateway[service];
  const rest = noun !== undefined && path.startsWith(noun) ? path.slice(noun.length) : undefined;
  const isBelow = rest !== undefined && /^(?:[/?]|$)/.test(rest);
  return originOf(baseUrl) + prefix + (isBelow ? rest : path);
};

/** The address of a socket of chat. */
export const socketUrlOf = ({ baseUrl = '', urls }: HttpOptions, path: string): string => {
  const origin = originOf(urls?.chat ?? baseUrl) || globalThis.location?.origin;
  if (!origin) throw new TypeError('Outside of a page `baseUrl` or `urls.chat` must say where Parley is');
  return origin.replace(/^http/, 'ws') + path;
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
  // A gateway's page, say, is no JSON: the status is all that it tells.
  const read: unknown = await response.json().catch(() => undefined);
  const body: Refusal = typeof read === 'object' && read !== null ? read : {};
  return new ParleyError(typeof body.detail === 'string' ? body.detail : `The server answered ${response.status}`, {
    status: response.status,
    code: typeof body.code === 'string' ? body.code : undefined,
    retryAfterMs: retryAfterOf(body, response.headers),
  });
};

/** Sends calls with these options. `fetch` and `Response` are those of browsers, Bun and Node. */
export const createHttp = (options: HttpOptions): Call => {
  const { fetch: send = (url, init) => fetch(url, init), timeoutMs: usualMs = TIMEOUT_MS, observe } = options;

  return async (endpoint, args, { signal, timeoutMs = usualMs, headers, keepalive } = {}) => {
    const { service, method, path } = endpoint;
    const { path: place, headers: own, body } = requestOf(endpoint, args);
    const token = tokenOf(options);
    const proof = token === undefined ? undefined : { authorization: `Bearer ${token}` };
    const timeout = AbortSignal.timeout(timeoutMs);
    const startedAt = performance.now();
    let status = 0;
    let response: Response;
    try {
      response = await send(urlOf(options, service, place), {
        method,
        headers: { ...own, ...proof, ...headers },
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
        ...(body !== undefined && { body }),
        ...(keepalive && { keepalive }),
      });
      status = response.status;
      if (response.ok) return await response.json();
    } catch (cause) {
      signal?.throwIfAborted();
      // An answer that breaks off, or isn't of the service (a hotel's page to log in on), is none.
      status = 0;
      throw new ParleyError('There is no connection at the moment', { status: 0, cause });
    } finally {
      observe?.({ service, method, path, status, durationMs: performance.now() - startedAt });
    }
    throw await refusalOf(response);
  };
};
