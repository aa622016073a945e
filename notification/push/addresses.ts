/**
 * Where a push endpoint may be. Its URL comes from a client and this service calls it, so it must not reach inside the operator's
 * network: https on the usual port, and every address its name resolves to must be a public one, at the moment of connecting.
 */
import { BlockList, isIP } from 'node:net';

export interface EndpointPolicy {
  /** For tests: this machine's own addresses too, at any port, over http or https. */
  readonly allowLoopback: boolean;
}

/** IANA's special-purpose registries (RFC 6890 and later): not the public internet. */
const SPECIAL_IPV4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const;

/** Within 2000::/3, the only part of IPv6 that is public: documentation, and prefixes that carry an IPv4 address inside. */
const SPECIAL_IPV6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const;

const listOf = (ranges: readonly (readonly [string, number])[], family: 'ipv4' | 'ipv6'): BlockList => {
  const list = new BlockList();
  for (const [network, prefix] of ranges) list.addSubnet(network, prefix, family);
  return list;
};

const specialIpv4 = listOf(SPECIAL_IPV4, 'ipv4');
const specialIpv6 = listOf(SPECIAL_IPV6, 'ipv6');
const globalIpv6 = listOf([['2000::', 3]], 'ipv6');
const loopbackIpv4 = listOf([['127.0.0.0', 8]], 'ipv4');
const loopbackIpv6 = listOf([['::1', 128]], 'ipv6');

/** Whether an IP address belongs to the public internet. */
export const isPublicAddress = (address: string): boolean =>
  isIP(address) === 4
    ? !specialIpv4.check(address, 'ipv4')
    : isIP(address) === 6 && globalIpv6.check(address, 'ipv6') && !specialIpv6.check(address, 'ipv6');

const isLoopbackAddress = (address: string): boolean =>
  isIP(address) === 4
    ? loopbackIpv4.check(address, 'ipv4')
    : isIP(address) === 6 && loopbackIpv6.check(address, 'ipv6');

/** Whether a connection to this IP address may be made. */
export const isAllowedAddress = (address: string, { allowLoopback }: EndpointPolicy): boolean =>
  isPublicAddress(address) || (allowLoopback && isLoopbackAddress(address));

/** A URL's host without the brackets of IPv6. */
const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '');

/** Whether an endpoint may be called, as far as its text tells: the name's addresses are checked when connecting. */
export const isAllowedEndpoint = (endpoint: string, policy: EndpointPolicy): boolean => {
  if (!URL.canParse(endpoint)) return false;
  const url = new URL(endpoint);
  const host = hostOf(url);
  // As browsers give it: a URL that other parsers may read otherwise is refused.
  if (url.href !== endpoint || url.username || url.password) return false;
  if (policy.allowLoopback && (host === 'localhost' || isLoopbackAddress(host)))
    return url.protocol === 'https:' || url.protocol === 'http:';
  if (url.protocol !== 'https:' || url.port !== '') return false;
  return isIP(host) === 0 ? host.includes('.') : isPublicAddress(host);
};
