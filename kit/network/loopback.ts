/** Names and addresses of loopback. Pure. */

const IPV4 = /^127(\.\d{1,3}){3}$/;

/** @param host a host name or an IP address, IPv6 with or without brackets, without a port */
export const isLoopback = (host: string): boolean => {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  return name === 'localhost' || name.endsWith('.localhost') || name === '::1' || IPV4.test(name);
};

/** The value of a `Host` header without its port. */
export const hostNameOf = (host: string): string => host.replace(/:\d*$/, '');
