/**
 * Which paths of the one origin are public, which service answers them, and under which path of its own. Pure. What isn't listed
 * here is answered by no service. `deploy/nginx.routes.conf` is made from this table (`bun run docs`), so that both gateways
 * decide alike: by the path as it is forwarded, never by a decoded one, which a service might read differently.
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

const PREFIXES = apis.map(([, prefix]) => prefix).join('|');

/** Public beyond what every service offers. A service without a row here has no public path of its own. */
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

/** Every path that is no API's is a page: web answers unknown ones with a page that says so. */
const PAGES = `(?!(?:${PREFIXES}|/ws)(?:/|$))${NOT_PRIVATE}(?:/|(?:/${SEGMENT})+/?)`;

export const publicPaths: readonly PublicPaths[] = [
  ...apis.flatMap(([service, prefix]) =>
    [{ rest: OWN }, ...(ownPaths[service] ?? [])].map((paths) => ({ service, prefix, noun: '', ...paths })),
  ),
  { service: 'web', prefix: '', rest: PAGES, noun: '' },
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

const isPrivate = new RegExp(`^(?:(?:${PREFIXES})?/${PRIVATE}$|${services.notification.prefix}${TOLD_BY_CHAT})`);

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
