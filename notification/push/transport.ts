/** Sends one POST to a push service: follows no redirect, reads no body, has a time limit, connects only to addresses that the policy allows. */
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

/** Resolves to the status of the answer. Rejects when none comes in time, and with `ForbiddenEndpoint`. */
export type Transport = (request: PushRequest) => Promise<number>;

/** The endpoint, or an address that its host name resolved to, is not public. */
export class ForbiddenEndpoint extends Error {
  constructor() {
    super('The push endpoint is not at a public address');
    this.name = 'ForbiddenEndpoint';
  }
}

/** Resolves host names, and refuses a name as soon as one of its addresses is not allowed. */
const guardedLookup =
  (policy: EndpointPolicy, resolveName: typeof resolve): LookupFunction =>
  (hostname, options, callback) =>
    resolveName(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      const [first] = addresses ?? [];
      if (error || !first) return callback(error ?? new ForbiddenEndpoint(), '');
      if (!addresses.every(({ address }) => isAllowedAddress(address, policy)))
        return callback(new ForbiddenEndpoint(), '');
      // The socket connects to these checked addresses: a second look-up could return others.
      return options.all ? callback(null, addresses) : callback(null, first.address, first.family);
    });

export interface TransportDeps {
  readonly policy: EndpointPolicy;
  readonly timeoutMs: number;
  /** Resolves host names; the system's resolver unless given. */
  readonly resolveName?: typeof resolve;
}

export const createTransport =
  ({ policy, timeoutMs, resolveName = resolve }: TransportDeps): Transport =>
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
