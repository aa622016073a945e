/** Routes of people: heartbeats, who is online, going offline. */
import { routeOf } from '@parley/kit/contract/contract';
import type { Identity } from '@parley/kit/identity/identity';
import { Elysia } from 'elysia';
import { getPerson, goOffline, leavePage, listOnline, sendBeacon, sendHeartbeat } from '../contract.ts';
import { DEFAULT_PAGE, MAX_PAGE, type Person } from './rules.ts';
import type { PeopleStore } from './store.ts';

export interface PeopleRoutesDeps {
  readonly people: PeopleStore;
  readonly identity: Identity;
  readonly onlineTtlSeconds: number;
}

/** Reads the whole list page by page, so that no single read blocks Redis for long. */
const readAll = async (people: PeopleStore): Promise<Person[]> => {
  const all: Person[] = [];
  for (;;) {
    const page = await people.page(all.at(-1)?.user_id ?? '', MAX_PAGE);
    all.push(...page);
    if (page.length < MAX_PAGE) return all;
  }
};

export const peopleRoutes = ({ people, identity, onlineTtlSeconds }: PeopleRoutesDeps) => {
  const leave = async (headers: Headers, userId: string, device?: string) => {
    await identity.requireUser(headers, userId);
    await people.leave(userId, device);
    return { status: 'offline' as const, user_id: userId };
  };

  return new Elysia({ name: 'people' })
    .route(
      sendHeartbeat.method,
      sendHeartbeat.path,
      async ({ params: { user_id }, query: { username = user_id, device }, request }) => {
        await identity.requireUser(request.headers, user_id);
        await people.heartbeat(user_id, username, device);
        return { status: 'ok' as const, user_id, online_ttl_seconds: onlineTtlSeconds };
      },
      routeOf(sendHeartbeat),
    )
    .route(
      listOnline.method,
      listOnline.path,
      async ({ query: { limit, cursor }, request }) => {
        await identity.requireAnyone(request.headers);
        if (limit === undefined && cursor === undefined) return readAll(people);
        return people.page(cursor ?? '', limit ?? DEFAULT_PAGE);
      },
      routeOf(listOnline),
    )
    .route(
      getPerson.method,
      getPerson.path,
      async ({ params: { user_id }, request }) => {
        await identity.requireAnyone(request.headers);
        return people.find(user_id);
      },
      routeOf(getPerson),
    )
    .route(
      goOffline.method,
      goOffline.path,
      ({ params: { user_id }, query: { device }, request }) => leave(request.headers, user_id, device),
      routeOf(goOffline),
    )
    .route(
      leavePage.method,
      leavePage.path,
      ({ params: { user_id }, query: { device }, request }) => leave(request.headers, user_id, device),
      routeOf(leavePage),
    )
    .route(
      sendBeacon.method,
      sendBeacon.path,
      ({ params: { user_id }, request }) => leave(request.headers, user_id),
      // The only route that parses `text/plain` as JSON.
      { ...routeOf(sendBeacon), parse: 'text' },
    );
};
