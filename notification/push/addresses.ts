/**
 * Which push endpoints may be called. Clients choose the URL and this service calls it, so it must not lead into the operator's network
 * (SSRF): https on port 443 only, and every address that the host name resolves to must be public when the socket connects.
 */
import { BlockList, isIP } from 'node:net';

export interface EndpointPolicy {
  /** For tests: loopback addresses are allowed too, at any port, over http or https. */
  readonly allowLoopback: boolean;
}

/** Ranges that are not public, by IANA's special-purpose registries (RFC 6890 and later). */
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

/** Ranges within 2000::/3 (the public part of IPv6) that are not public: documentation, and prefixes that embed IPv4 addresses. */
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

/** Whether an endpoint may be called, judged by the URL alone. The transport checks the resolved addresses. */
export const isAllowedEndpoint = (endpoint: string, policy: EndpointPolicy): boolean => {
  if (!URL.canParse(endpoint)) return false;
  const url = new URL(endpoint);
  const host = hostOf(url);
  // Only normalized URLs: another parser could read a different host from any other spelling.
  if (url.href !== endpoint || url.username || url.password) return false;
  if (policy.allowLoopback && (host === 'localhost' || isLoopbackAddress(host)))
    return url.protocol === 'https:' || url.protocol === 'http:';
  if (url.protocol !== 'https:' || url.port !== '') return false;
  return isIP(host) === 0 ? host.includes('.') : isPublicAddress(host);
};
