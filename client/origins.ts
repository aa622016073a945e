/** Checks the addresses that a program gives before anything is sent: a wrong one would look like a connection that never comes. */
import type { HttpOptions, Origin } from './http.ts';

const EXAMPLE = 'http://localhost:8080';

const checkOrigin = (origin: Origin): void => {
  if (typeof origin === 'function') return;
  if (URL.canParse(origin) && /^https?:$/.test(new URL(origin).protocol)) return;
  throw new TypeError(`“${origin}” is no address of Parley: it begins with http:// or https://, as ${EXAMPLE} does`);
};

/**
 * Functions are called later and aren't checked. In a page an address may be relative to it, or ''.
 * @throws {TypeError} when an address is missing or isn't one of HTTP
 */
export const checkOrigins = ({ baseUrl = '', urls = {} }: HttpOptions): void => {
  if (globalThis.location) return;
  const direct = Object.values(urls);
  if (baseUrl !== '') checkOrigin(baseUrl);
  else if (direct.length === 0)
    throw new TypeError(`Outside of a page \`baseUrl\` or \`urls\` must say where Parley is, as ${EXAMPLE}`);
  for (const origin of direct) if (origin !== undefined) checkOrigin(origin);
};
