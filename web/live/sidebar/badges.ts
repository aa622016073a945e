/** The unread counts beside the rooms. Frames change them at once; polling repairs what was missed. */
import { listUnread } from '@parley/client/api/chat';
import type { Takes } from '../connection/frames.ts';
import { call } from '../page/api.ts';
import { dataOf } from '../page/elements.ts';
import type { RoomContext } from '../page/room-context.ts';
import { countIn, setBadge } from './badge.ts';
import type { Bell } from './bell.ts';
import { type Change, createCounts, type RoomActivity } from './counts.ts';
import { createPoll } from './poll.ts';
import { roomLinks, showMissingRooms } from './rooms.ts';
import type { TabTitle } from './tab-title.ts';

const POLL_EVERY_MS = 30_000;
const POLL_SOON_MS = 300;

export interface RoomBadges {
  readonly frames: Takes<'ready' | 'room_activity' | 'room_read' | 'resync'>;
}

export interface RoomBadgesDeps {
  readonly context: RoomContext;
  readonly tabTitle: TabTitle;
  readonly bell: Bell;
}

/**
 * The counts that the server rendered. The page doesn't tell which messages they include: with these cursors any activity asks chat
 * instead of being added.
 */
const countsOnPage = (links: readonly HTMLElement[]) =>
  links.map((link) => ({
    room_id: dataOf(link).room ?? '',
    unread: countIn(link),
    read_position: 0,
    last_seq: Number.POSITIVE_INFINITY,
  }));

export const createRoomBadges = ({ context, tabTitle, bell }: RoomBadgesDeps): RoomBadges => {
  const { room, reader, signal } = context;
  const counts = createCounts(room, reader.id);
  /** Activity that arrives while an answer is on its way, which may not include it. */
  let meanwhile: RoomActivity[] | undefined;

  const show = (links: readonly HTMLElement[]): void => {
    for (const link of links) {
      const count = counts.of(dataOf(link).room ?? '');
      link.classList.toggle('unread', count > 0);
      setBadge(link, count);
    }
    tabTitle.show({ elsewhere: counts.total });
  };

  const apply = ({ rooms, deleted }: RoomActivity): void => {
    const changes: [string, Change][] = [
      ...rooms.map((entry): [string, Change] => [entry.room_id, counts.add(entry)]),
      // Replicas of the previous release don't send `deleted`.
      ...(deleted ?? []).map((entry): [string, Change] => [entry.room_id, counts.remove(entry)]),
    ];
    const counted = new Set(changes.filter(([, change]) => change === 'counted').map(([id]) => id));
    if (counted.size > 0) show(roomLinks().filter(({ dataset }) => counted.has(dataset.room ?? '')));
    if (changes.some(([, change]) => change === 'unsure')) poll.refresh();
  };

  /** Without an answer the counts stay until the next request. */
  const request = async (): Promise<void> => {
    const missed: RoomActivity[] = [];
    meanwhile = missed;
    void bell.refresh().catch(() => undefined);
    const listed = showMissingRooms(room).catch(() => undefined);
    const rooms = await call(listUnread, { user_id: reader.id }).catch(() => undefined);
    await listed;
    meanwhile = undefined;
    if (signal.aborted) return;
    // The room's name may have been loaded with the list of rooms.
    if (!rooms) return tabTitle.show({});
    counts.reset(rooms);
    show(roomLinks());
    for (const activity of missed) apply(activity);
  };

  counts.reset(countsOnPage(roomLinks()));
  tabTitle.show({ elsewhere: counts.total });
  const poll = createPoll({ signal, everyMs: POLL_EVERY_MS, soonMs: POLL_SOON_MS, request });
  document.addEventListener('visibilitychange', poll.refresh, { signal });

  return {
    frames: {
      ready: poll.refresh,
      resync: poll.refresh,
      room_activity: (activity) => {
        meanwhile?.push(activity);
        apply(activity);
      },
      room_read: ({ room_id }) => {
        if (room_id !== room) poll.refresh();
      },
    },
  };
};
