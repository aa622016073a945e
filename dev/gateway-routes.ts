/**
 * The table of public paths: for each, the service that answers it and the path that the service sees. A path that isn't in the table is
 * answered 404 by the gateways. `deploy/nginx.routes.conf` is generated from it (`bun run docs`), so both gateways route alike. They match
 * the path as it is forwarded, still percent-encoded: matching a decoded path would let a service read it differently. Pure.
 */
import { apis, type ServiceName, services } from '../services.ts';

export interface Route {
  readonly service: ServiceName;
  readonly path: string;
}

export interface PublicPaths {
  readonly service: ServiceName;
  /** The gateway removes this from the path. */
  readonly prefix: string;
  /** The rest of the path: a regular expression that JavaScript and PCRE read alike. */
  readonly rest: string;
  /** The gateway puts this before the rest. */
  readonly noun: string;
}

/** Paths of one service: its prefix is taken from the list of services unless given, and it has no noun unless given. */
type Paths = Pick<PublicPaths, 'rest'> & Partial<Pick<PublicPaths, 'prefix' | 'noun'>>;

/** One segment of a path, percent-encoded as in the request. Not empty, `.` or `..` (also encoded), which a service would resolve. */
const SEGMENT = String.raw`(?!(?:\.|%2[eE]){1,2}(?:/|$))[^/?#\\\s]+`;
const MORE = `(?:/${SEGMENT})*/?`;
/** Paths that every service has: health and documentation. */
const OWN = String.raw`/(?:health|openapi\.json|docs(?:/[\w-]+\.(?:css|js))?)/?`;
/** Paths for operators, reachable inside the network only. No user or file can have these ids. */
const PRIVATE = '(?:metrics|ready)/?';
const NOT_PRIVATE = `(?!/${PRIVATE}$)`;
/** Calls from chat to notification about one message. A user may have the id `messages`: that user's own paths stay public. */
const TOLD_BY_CHAT = '/messages/(?!(?:unread-count|read|read-all|read-room)?/?$)';

const PREFIXES = apis.map(([, prefix]) => prefix).join('|');

/** Each service's public paths beyond `OWN`. A service without a row has no others. */
const ownPaths: Partial<Readonly<Record<ServiceName, readonly Paths[]>>> = {
  chat: [
    { prefix: '', rest: `/ws/${SEGMENT}${MORE}` },
    { rest: `/(?:rooms|unread)${MORE}` },
    { rest: String.raw`/asyncapi\.json/?` },
  ],
  presence: [{ rest: NOT_PRIVATE + MORE, noun: services.presence.noun ?? '' }],
  notification: [
    { rest: '/push/(?:key|subscriptions)/?' },
    { rest: `(?!${TOLD_BY_CHAT})${NOT_PRIVATE}${MORE}`, noun: services.notification.noun ?? '' },
  ],
  file: [{ rest: '/(?:upload|files)/?' }, { rest: String.raw`${NOT_PRIVATE}/[\w-]+(?:/(?:download|thumbnail))?/?` }],
};

/** All paths outside of the APIs go to web, which answers unknown ones with a 404 page. */
const PAGES = `(?!(?:${PREFIXES}|/ws)(?:/|$))${NOT_PRIVATE}(?:/|(?:/${SEGMENT})+/?)`;

export const publicPaths: readonly PublicPaths[] = [
  ...apis.flatMap(([service, prefix]) =>
    [{ rest: OWN }, ...(ownPaths[service] ?? [])].map((paths) => ({ service, prefix, noun: '', ...paths })),
  ),
  { service: 'web', prefix: '', rest: PAGES, noun: '' },
];

/** @returns the source of a regular expression that captures `rest` in a path without its query */
export const patternOf = ({ prefix, rest }: PublicPaths): string => `^${prefix}(?<rest>${rest})$`;

const patterns = publicPaths.map((each) => ({ ...each, pattern: new RegExp(patternOf(each)) }));

/** The path decoded, without empty segments and with dots resolved: the most permissive reading a service could have. */
const plainOf = (path: string): string => {
  try {
    return new URL(decodeURIComponent(path).replace(/\/+/g, '/'), 'http://localhost').pathname;
  } catch {
    // Malformed percent-encoding: no service has such a path, so the original is compared.
    return path;
  }
};

const isPrivate = new RegExp(`^(?:(?:${PREFIXES})?/${PRIVATE}$|${services.notification.prefix}${TOLD_BY_CHAT})`);

/**
 * @param path the path of a request, encoded as it came, without its query
 * @returns undefined when the path is not public
 */
export const routeOf = (path: string): Route | undefined => {
  if (isPrivate.test(plainOf(path))) return undefined;
  for (const { service, noun, pattern } of patterns) {
    const rest = pattern.exec(path)?.groups?.rest;
    if (rest !== undefined) return { service, path: noun + rest };
  }
  return undefined;
};
