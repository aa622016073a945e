/** The responses of page routes: pages with the headers that let them run only this origin's scripts, and redirects. */
import type { Html } from '../views/html.ts';
import { PAGE_MARK } from '../views/page-mark.ts';
import type { Visit } from './visit.ts';

/** Nothing but this origin, no inline script or style. Only the bundle's own Trusted Types policy may turn text into markup. */
export const CONTENT_POLICY = [
  "default-src 'self'",
  "img-src 'self' data: blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types parley',
].join('; ');

const pageHeaders = {
  [PAGE_MARK]: '1',
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': CONTENT_POLICY,
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
  'cache-control': 'no-store',
  vary: 'accept-encoding, cookie',
};

/** A shorter body gains nothing by compression. */
const MIN_COMPRESSED_BYTES = 1_024;

export const pageAnswer = (page: Html, visit: Pick<Visit, 'acceptsGzip' | 'cookies'>, status = 200): Response => {
  const headers = new Headers(pageHeaders);
  for (const cookie of visit.cookies) headers.append('set-cookie', cookie);
  const body = Buffer.from(page.text);
  if (!visit.acceptsGzip || body.length < MIN_COMPRESSED_BYTES) return new Response(body, { status, headers });
  headers.set('content-encoding', 'gzip');
  return new Response(Bun.gzipSync(body, { level: 4 }), { status, headers });
};

/** Redirects with 303, so that the browser follows by GET also after a form. @param to a path of this origin */
export const goTo = (to: string, visit: Pick<Visit, 'cookies'>): Response => {
  const headers = new Headers({ location: to, 'cache-control': 'no-store' });
  for (const cookie of visit.cookies) headers.append('set-cookie', cookie);
  return new Response(null, { status: 303, headers });
};

/** A path of this origin, or the fallback for anything that a browser might resolve to another origin. */
export const ownPath = (given: string | undefined, fallback: string): string =>
  given && /^\/(?![/\\])[\x21-\x7e]*$/.test(given) && !given.includes('\\') ? given : fallback;
