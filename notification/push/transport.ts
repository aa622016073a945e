/** One POST to a push service: no redirects, no body read, bounded in time, and only to addresses that the policy allows. */
import { type LookupAddress, lookup as resolve } from 'node:dns';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { type EndpointPolicy, isAllowedAddress, isAllowedEndpoint } from './addresses.ts';

export interface PushRequest {
  readonly endpoint: string;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

/** Resolves to the status of the answer. Rejects when there is none in time, or the endpoint may not be called. */
export type Transport = (request: PushRequest) => Promise<number>;

/** The endpoint, or an address its name resolved to, is not a public one. */
export class ForbiddenEndpoint extends Error {
  constructor() {
    super('The push endpoint is not at a public address');
    this.name = 'ForbiddenEndpoint';
  }
}

/** Resolves names as the system does, and refuses as a whole a name with any address that isn't allowed. */
const guardedLookup =
  (policy: EndpointPolicy, resolveName: typeof resolve): LookupFunction =>
  (hostname, options, callback) =>
    resolveName(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      const [first] = addresses ?? [];
      if (error || !first) return callback(error ?? new ForbiddenEndpoint(), '');
      if (!addresses.every(({ address }) => isAllowedAddress(address, policy)))
        return callback(new ForbiddenEndpoint(), '');
      // The connection goes to what was checked, so that a name can't resolve to something else afterwards.
      return options.all ? callback(null, addresses) : callback(null, first.address, first.family);
    });

export interface TransportOptions {
  readonly policy: EndpointPolicy;
  readonly timeoutMs: number;
  /** The resolver of names; the system's unless told. */
  readonly resolveName?: typeof resolve;
}

export const createTransport =
  ({ policy, timeoutMs, resolveName = resolve }: TransportOptions): Transport =>
  ({ endpoint, headers, body }) =>
    new Promise((done, fail) => {
      if (!isAllowedEndpoint(endpoint, policy)) throw new ForbiddenEndpoint();
      const request = endpoint.startsWith('https:') ? requestHttps : requestHttp;
      const sent = request(endpoint, {
        method: 'POST',
        headers,
        agent: false,
        lookup: guardedLookup(policy, resolveName),
        signal: AbortSignal.timeout(timeoutMs),
      });
      sent.on('error', fail);
      sent.on('response', (answer) => {
        done(answer.statusCode ?? 0);
        answer.destroy();
      });
      sent.end(body);
    });
