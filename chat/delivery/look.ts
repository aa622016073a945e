/** The state of the running hub, for operators: `GET /feeds` on the metrics port. Room ids and numbers; no name, text or token. */
import { t } from 'elysia';

/** The most rooms in one answer. */
export const MAX_FEEDS_SHOWN = 100;

const count = (description: string) => t.Integer({ minimum: 0, description });

const FeedLook = t.Object(
  {
    room_id: t.String({ description: 'The room' }),
    sockets: count('Its sockets on this replica'),
    joining: count('Sockets that are joining: they are still catching up'),
    delivered: count('The `seq` of the last change that the sockets here got'),
    known: count('The highest `seq` of the room that this replica has heard of'),
    waiting: count('Changes that wait here for a missing earlier one'),
  },
  { description: 'One room on this replica' },
);
export type FeedLook = typeof FeedLook.static;

export const HubLook = t.Object(
  {
    bus: t.Boolean({ description: 'Whether the replica is connected to the bus' }),
    rooms: count('Rooms that have sockets on this replica'),
    sockets: count('Sockets of all these rooms'),
    waiting: count('Changes that wait in all these rooms'),
    feeds: t.Array(FeedLook, {
      maxItems: MAX_FEEDS_SHOWN,
      description: 'Rooms with the most sockets first; with equally many, those with the most waiting changes',
    }),
  },
  { description: 'The rooms that this replica delivers' },
);
export type HubLook = typeof HubLook.static;

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

/** @param feeds every room of the replica, in any order */
export const lookOf = (feeds: readonly FeedLook[], isBusConnected: boolean): HubLook => ({
  bus: isBusConnected,
  rooms: feeds.length,
  sockets: sumOf(feeds.map(({ sockets }) => sockets)),
  waiting: sumOf(feeds.map(({ waiting }) => waiting)),
  feeds: feeds.toSorted((a, b) => b.sockets - a.sockets || b.waiting - a.waiting).slice(0, MAX_FEEDS_SHOWN),
});
