/** What is known of a person. */
import { Time, UserId, UserName } from '@parley/kit/text/text';
import { t } from 'elysia';

/** Described here, not on the union: the documentation shows the description of what isn't null. */
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

/** How many people a page of the list has at most, and unless a limit is given. */
export const MAX_PAGE = 1_000;
export const DEFAULT_PAGE = 100;

/** How long a last heartbeat is remembered after a person went offline. */
export const REMEMBER_MS = 30 * 24 * 60 * 60 * 1_000;

/** What a store knows of a person. */
export interface Sighting {
  readonly username: string | null;
  readonly lastSeenMs: number | null;
}

/** The person as the API tells it; a stranger goes by their id. */
export const personOf = (userId: string, { username, lastSeenMs }: Sighting, online: boolean): Person => ({
  user_id: userId,
  username: username ?? userId,
  online,
  last_seen: lastSeenMs === null ? null : new Date(lastSeenMs).toISOString(),
});
