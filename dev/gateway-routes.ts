/**
 * Which paths of the one origin are public, which service answers them, and under which path of its own. Pure. What isn't listed
 * here is answered by no service. `deploy/nginx.routes.conf` is made from this table (`bun run docs`), so that both gateways
 * decide alike: by the path as it is forwarded, never by a decoded one, which a service might read differently.
 */
import type { ServiceName } from './services.ts';

export interface Route {
  readonly service: ServiceName;
  readonly path: string;
}

export interface PublicPaths {
  readonly service: ServiceName;
  /** What the gateway takes away. */
  readonly prefix: string;
  /** What may follow it: a regular expression that JavaScript and PCRE read alike. */
  readonly rest: string;
  /** What the gateway puts before the rest. */
  readonly noun: string;
}

/** One part of a path, encoded as it came: neither empty nor a dot or two, which a service would resolve. */
const SEGMENT = String.raw`(?!(?:\.|%2[eE]){1,2}(?:/|$))[^/?#\\\s]+`;
const MORE = `(?:/${SEGMENT})*/?`;
/** What every service offers beside its nouns. */
const OWN = String.raw`/(?:health|openapi\.json|docs(?:/[\w-]+\.(?:css|js))?)/?`;
/** For operators inside. Those are no names of a user or a file either. */
const PRIVATE = '(?:metrics|ready)/?';
const NOT_PRIVATE = `(?!/${PRIVATE}$)`;
/** What chat tells notification of a message. A user may have the id `messages`, and that user's own addresses stay public. */
const TOLD_BY_CHAT = '/messages/(?!(?:unread-count|read|read-all|read-room)?/?$)';

export const publicPaths: readonly PublicPaths[] = [
  { service: 'chat', prefix: '', rest: `/ws/${SEGMENT}${MORE}`, noun: '' },
  { service: 'chat', prefix: '/api/chat', rest: `/(?:rooms|unread)${MORE}`, noun: '' },
  { service: 'chat', prefix: '/api/chat', rest: String.raw`/asyncapi\.json/?`, noun: '' },
  { service: 'chat', prefix: '/api/chat', rest: OWN, noun: '' },
  { service: 'presence', prefix: '/api/presence', rest: OWN, noun: '' },
  { service: 'presence', prefix: '/api/presence', rest: NOT_PRIVATE + MORE, noun: '/presence' },
  { service: 'notification', prefix: '/api/notifications', rest: OWN, noun: '' },
  { service: 'notification', prefix: '/api/notifications', rest: '/push/(?:key|subscriptions)/?', noun: '' },
  {
    service: 'notification',
    prefix: '/api/notifications',
    rest: `(?!${TOLD_BY_CHAT})${NOT_PRIVATE}${MORE}`,
    noun: '/notifications',
  },
  { service: 'file', prefix: '/api/files', rest: OWN, noun: '' },
  { service: 'file', prefix: '/api/files', rest: '/(?:upload|files)/?', noun: '' },
  {
    service: 'file',
    prefix: '/api/files',
    rest: String.raw`${NOT_PRIVATE}/[\w-]+(?:/(?:download|thumbnail))?/?`,
    noun: '',
  },
  // Whatever is no API is a page, if only the one that says that there is none.
  {
    service: 'web',
    prefix: '',
    rest: `(?!/(?:api/(?:chat|presence|notifications|files)|ws)(?:/|$))${NOT_PRIVATE}(?:/|(?:/${SEGMENT})+/?)`,
    noun: '',
  },
];

/** @returns a source that captures `rest`, for the path without its query */
export const patternOf = ({ prefix, rest }: PublicPaths): string => `^${prefix}(?<rest>${rest})$`;

const patterns = publicPaths.map((each) => ({ ...each, pattern: new RegExp(patternOf(each)) }));

/** The path as a service may never read it: decoded, without empty parts, dots resolved. */
const plainOf = (path: string): string => {
  try {
    return new URL(decodeURIComponent(path).replace(/\/+/g, '/'), 'http://localhost').pathname;
  } catch {
    // Not UTF-8, or no path at all: no service has such an address.
    return path;
  }
};

const isPrivate = new RegExp(
  `^(?:(?:/api/(?:chat|files|presence|notifications))?/${PRIVATE}$|/api/notifications${TOLD_BY_CHAT})`,
);

/**
 * @param path the path of a request, encoded as it came, without its query
 * @returns undefined when nobody outside may have it
 */
export const routeOf = (path: string): Route | undefined => {
  if (isPrivate.test(plainOf(path))) return undefined;
  for (const { service, noun, pattern } of patterns) {
    const rest = pattern.exec(path)?.groups?.rest;
    if (rest !== undefined) return { service, path: noun + rest };
  }
  return undefined;
};
