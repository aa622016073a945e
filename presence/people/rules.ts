/** The schema of a person. */
import { Time, UserId, UserName } from '@parley/kit/text/text';
import { t } from 'elysia';

/** Described here and not on the union: the documentation shows the description of the member that isn't null. */
const LastSeen = t.String({
  ...Time,
  description: 'Time of the last heartbeat (ISO 8601, UTC), remembered for 30 days; null for a stranger',
});

export const Person = t.Object(
  {
    user_id: UserId,
    username: UserName,
    online: t.Boolean({ description: 'Whether a heartbeat came within the last 30 seconds', examples: [true] }),
    last_seen: t.Union([LastSeen, t.Null()]),
  },
  {
    description: 'One person',
    examples: [{ user_id: 'alice', username: 'Alice', online: true, last_seen: '2026-01-31T12:00:00.000Z' }],
  },
);
export type Person = typeof Person.static;

/** The largest `limit` of a page, and its default. */
export const MAX_PAGE = 1_000;
export const DEFAULT_PAGE = 100;

/** How long the last heartbeat of a person who went offline is kept. */
export const REMEMBER_MS = 30 * 24 * 60 * 60 * 1_000;

/** What a store has of a person. */
export interface Sighting {
  readonly username: string | null;
  readonly lastSeenMs: number | null;
}

/** The person as the API answers it. The name of a person who was never online is their id. */
export const personOf = (userId: string, { username, lastSeenMs }: Sighting, online: boolean): Person => ({
  user_id: userId,
  username: username ?? userId,
  online,
  last_seen: lastSeenMs === null ? null : new Date(lastSeenMs).toISOString(),
});
