/**
 * Which service answers a path of the one origin, and under which path of its own. Pure; `deploy/nginx.conf` has the same routes,
 * and one table of examples tests both.
 */
import type { ServiceName } from './services.ts';

export interface Route {
  readonly service: ServiceName;
  readonly path: string;
}

/** What a service offers beside the paths of its noun. */
const ownPath = /^\/(health|openapi\.json|docs(\/[\w-]+\.(css|js))?|push\/(key|subscriptions))$/;

/** For operators inside: the gateway doesn't hand these out. */
const privatePath = /^(\/api\/(chat|files|presence|notifications))?\/(metrics|ready)$/;

const prefixes: readonly { prefix: string; service: ServiceName; noun: string }[] = [
  { prefix: '/api/chat', service: 'chat', noun: '' },
  { prefix: '/api/presence', service: 'presence', noun: '/presence' },
  { prefix: '/api/notifications', service: 'notification', noun: '/notifications' },
  { prefix: '/api/files', service: 'file', noun: '' },
];

/**
 * @param path the path of a request, encoded as it came, without its query
 * @returns undefined when nobody outside may have it
 */
export const routeOf = (path: string): Route | undefined => {
  if (privatePath.test(path)) return undefined;
  if (path.startsWith('/ws/')) return { service: 'chat', path };
  const found = prefixes.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`));
  if (!found) return { service: 'web', path };
  const rest = path.slice(found.prefix.length);
  return { service: found.service, path: (ownPath.test(rest) ? rest : found.noun + rest) || '/' };
};
