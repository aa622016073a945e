/** What is unread: beside the rooms, on the bell, in the title and on the icon. */
import { listUnread } from '@parley/client/api/chat';
import { countUnreadNotifications } from '@parley/client/api/notification';
import { badge } from '../../views/sidebar.ts';
import { roomTitle } from '../../views/title.ts';
import { call } from '../page/api.ts';
import { elementOf } from '../page/markup.ts';
import type { Place } from '../page/room-context.ts';
import { type Change, createCounts, type RoomActivity } from './counts.ts';
import { showMissingRooms } from './rooms.ts';

/** What comes by the socket is counted as it comes; what got lost on the way shows with the next answer. */
const ASK_EVERY_MS = 30_000;
const ASK_SOON_MS = 300;
const PLAIN_ICON = '/favicon.svg';

export interface Badges {
  /** Messages that came into the open room while nobody looked. */
  unseen: number;
  notifications: number;
  /** Others wrote, or took something back, in rooms that aren't open. */
  onActivity(activity: RoomActivity): void;
  /** Asks for the rooms' counts soon. */
  refresh(): void;
  /** What was told while there was no connection was missed: asks for everything soon. */
  catchUp(): void;
}

/** Pages that hear of something together don't ask together. */
const jitter = (ms: number): number => ms * (0.8 + Math.random() * 0.4);

const countIn = (host: Element | null): number =>
  Number.parseInt(host?.querySelector('.badge')?.textContent ?? '', 10) || 0;

/** The counts that the page came with. What they take into account the page doesn't say: chat is asked before anything is added. */
const countsOnPage = (links: Iterable<HTMLElement>) =>
  [...links].map((link) => ({
    room_id: link.dataset.room ?? '',
    unread: countIn(link),
    read_position: 0,
    last_seq: Number.POSITIVE_INFINITY,
  }));

export const createBadges = ({ room, roomName, reader, signal }: Place): Badges => {
  const linksOf = (id?: string) =>
    document.querySelectorAll<HTMLElement>(`#rooms a[data-room${id === undefined ? '' : `="${CSS.escape(id)}"`}]`);

  const counts = createCounts(room, reader.id);
  counts.begin(countsOnPage(linksOf()));
  let unseen = 0;
  let notifications = countIn(document.getElementById('bell'));
  let isBellRight = false;
  /** What is told while an answer is on its way, which may not count it. */
  let meanwhile: RoomActivity[] | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let dueAt = Number.POSITIVE_INFINITY;

  const setBadge = (host: Element | null | undefined, count: number): void => {
    host?.querySelector('.badge')?.replaceWith(elementOf(badge(count, 'unread')));
  };

  /** Named by the heading, which may have come later than the page, and not by the title, which htmx writes at its own times. */
  const show = (): void => {
    const count = unseen + counts.total;
    const title = roomTitle(document.querySelector('.room-title bdi')?.textContent ?? roomName);
    document.title = count > 0 ? `(${count}) ${title}` : title;
    const icon = count + notifications > 0 ? '/favicon-unread.svg' : PLAIN_ICON;
    const link = document.getElementById('favicon');
    if (link?.getAttribute('href') !== icon) link?.setAttribute('href', icon);
  };

  const showRooms = (links: Iterable<HTMLElement>): void => {
    for (const link of links) {
      const count = counts.of(link.dataset.room ?? '');
      link.classList.toggle('unread', count > 0);
      setBadge(link, count);
    }
    show();
  };

  /** A replica of the release before this one names no deleted messages. */
  const apply = ({ rooms, deleted = [] }: RoomActivity): void => {
    const changes: [string, Change][] = [
      ...rooms.map((entry): [string, Change] => [entry.room_id, counts.add(entry)]),
      ...deleted.map((entry): [string, Change] => [entry.room_id, counts.remove(entry)]),
    ];
    for (const [id, change] of changes)
      if (change === 'counted') showRooms(linksOf(id));
      else if (change === 'unsure') refresh();
  };

  const setNotifications = (count: number): void => {
    isBellRight = true;
    notifications = Math.max(0, count);
    const bell = document.getElementById('bell');
    bell?.setAttribute('title', 'Notifications');
    setBadge(bell, notifications);
    show();
  };

  /** A count that is told while the answer is on its way is newer. */
  const askBell = async (): Promise<void> => {
    if (isBellRight) return;
    const answer = await call(countUnreadNotifications, { user_id: reader.id });
    if (!isBellRight && !signal.aborted) setNotifications(answer.unread_count);
  };

  const askIn = (ms: number): void => {
    if (performance.now() + ms >= dueAt || signal.aborted) return;
    clearTimeout(timer);
    dueAt = performance.now() + ms;
    timer = setTimeout(() => void ask(), ms);
  };

  const ask = async (): Promise<void> => {
    dueAt = Number.POSITIVE_INFINITY;
    // One question at a time: each begins its own count of what is told meanwhile.
    if (meanwhile) return askIn(jitter(ASK_SOON_MS));
    meanwhile = [];
    // Without an answer all of it stays as it is until the next one.
    void askBell().catch(() => undefined);
    const listed = showMissingRooms(room).catch(() => undefined);
    const rooms = await call(listUnread, { user_id: reader.id }).catch(() => undefined);
    await listed;
    if (signal.aborted) return;
    if (rooms) {
      counts.begin(rooms);
      showRooms(linksOf());
      for (const activity of meanwhile) apply(activity);
    } else show();
    meanwhile = undefined;
    askIn(jitter(ASK_EVERY_MS));
  };

  const refresh = (): void => askIn(jitter(ASK_SOON_MS));

  document.addEventListener('visibilitychange', refresh, { signal });
  // htmx writes the title of what it has fetched after it put it in: a page's own, and a panel's, too.
  document.addEventListener('htmx:finally:swap', show, { signal });
  signal.addEventListener('abort', () => {
    clearTimeout(timer);
    document.getElementById('favicon')?.setAttribute('href', PLAIN_ICON);
  });
  show();
  askIn(jitter(ASK_EVERY_MS));

  return {
    get unseen() {
      return unseen;
    },
    set unseen(count) {
      unseen = count;
      show();
    },
    get notifications() {
      return notifications;
    },
    set notifications(count) {
      setNotifications(count);
    },
    onActivity: (activity) => {
      meanwhile?.push(activity);
      apply(activity);
    },
    refresh,
    catchUp: () => {
      isBellRight = false;
      refresh();
    },
  };
};
