/**
 * The client address by which requests are limited. Behind the gateway, the peer of the connection is the gateway, which appends its own
 * peer to `X-Forwarded-For`. The header is trusted only from a private address: a client outside can't choose its address.
 */
import { isIPv6 } from 'node:net';

/** Bun's server, which knows the peer of a request. */
interface PeerSource {
  requestIP(request: Request): { address: string } | null;
}

const PRIVATE =
  /^(::ffff:)?(127\.|10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)|^(::1$|f[cd]|fe[89ab])/i;

const UNKNOWN = 'unknown';

/** The groups of an IPv6 address, with `::` expanded. */
const groupsOf = (address: string): string[] => {
  const [head = '', tail] = address.split('::');
  const [before, after] = [head, tail ?? ''].map((half) => half.split(':').filter(Boolean));
  const missing = tail === undefined ? 0 : 8 - (before?.length ?? 0) - (after?.length ?? 0);
  return [...(before ?? []), ...Array.from({ length: Math.max(0, missing) }, () => '0'), ...(after ?? [])];
};

/** IPv6: the /64 network, since one host or household has all of it. */
export const networkOf = (address: string): string => {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return mapped;
  if (!isIPv6(address)) return address;
  const groups = groupsOf(address.replace(/%.*$/, '').toLowerCase()).slice(0, 4);
  return `${groups.map((group) => group.replace(/^0+(?=.)/, '')).join(':')}::/64`;
};

/** @param server undefined without a connection, as when a test calls the application directly */
export const addressOf = (request: Request, server: PeerSource | null | undefined): string => {
  const peer = server?.requestIP(request)?.address ?? UNKNOWN;
  const noted = request.headers.get('x-forwarded-for')?.split(',').at(-1)?.trim();
  return networkOf(noted && PRIVATE.test(peer) ? noted : peer);
};
