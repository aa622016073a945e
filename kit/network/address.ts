/**
 * The network address that a request counts for. Behind the gateway the connection is the gateway's, which notes its own peer last in
 * `X-Forwarded-For`; the header is believed only from a private address, so that nobody from outside chooses one.
 */
import { isIPv6 } from 'node:net';

/** What tells the peer of a request: Bun's server. */
interface PeerSource {
  requestIP(request: Request): { address: string } | null;
}

const PRIVATE =
  /^(::ffff:)?(127\.|10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)|^(::1$|f[cd]|fe[89ab])/i;

const UNKNOWN = 'unknown';

/** Groups of an IPv6 address, without its abbreviation. */
const groupsOf = (address: string): string[] => {
  const [head = '', tail] = address.split('::');
  const [before, after] = [head, tail ?? ''].map((half) => half.split(':').filter(Boolean));
  const missing = tail === undefined ? 0 : 8 - (before?.length ?? 0) - (after?.length ?? 0);
  return [...(before ?? []), ...Array.from({ length: Math.max(0, missing) }, () => '0'), ...(after ?? [])];
};

/** One household or host is one address: of IPv6 that is a network of 64 bits. */
export const networkOf = (address: string): string => {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return mapped;
  if (!isIPv6(address)) return address;
  const groups = groupsOf(address.replace(/%.*$/, '').toLowerCase()).slice(0, 4);
  return `${groups.map((group) => group.replace(/^0+(?=.)/, '')).join(':')}::/64`;
};

/** @param server undefined where there is no connection, as in a test of the application alone */
export const addressOf = (request: Request, server: PeerSource | null | undefined): string => {
  const peer = server?.requestIP(request)?.address ?? UNKNOWN;
  const noted = request.headers.get('x-forwarded-for')?.split(',').at(-1)?.trim();
  return networkOf(noted && PRIVATE.test(peer) ? noted : peer);
};
