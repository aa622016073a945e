/** What is unread: beside the rooms, on the bell, in the title and on the icon. */
import type { Unread } from '@parley/chat/rooms/rules';
import type { ServerFrame } from '@parley/chat/socket/frames';
import { badge } from '../views/sidebar.ts';
import { unread, unreadNotifications } from './api.ts';
import type { Place } from './place.ts';
import { showMissingRooms } from './rooms.ts';
import { elementOf } from './trust.ts';

type RoomActivity = Extract<ServerFrame, { type: 'room_activity' }>['rooms'];

/** What comes by the socket is counted as it comes; what got lost on the way shows with the next answer. */
const ASK_EVERY_MS = 30_000;
const ASK_SOON_MS = 300;

export interface Badges {
  /** Messages that came into the open room while nobody looked. */
  unseen: number;
  notifications: number;
  /** Others wrote in rooms that aren't open. */
  onActivity(rooms: RoomActivity): void;
  /** Asks for the rooms' counts soon. */
  refresh(): void;
  /** What was told while there was no connection was missed: asks for everything soon. */
  catchUp(): void;
}

/** Pages that hear of something together don't ask together. */
const jitter = (ms: number): number => ms * (0.8 + Math.random() * 0.4);

const plainTitle = (): string => document.title.replace(/^\(\d+\) /, '');

export const createBadges = ({ room, reader, signal }: Place): Badges => {
  /** What the service has counted and what came since, the open room left out. A room that isn't here has nothing unread. */
  const elsewhere = new Map<string, Unread>();
  let unseen = 0;
  let notifications = Number.parseInt(document.querySelector('#bell .badge')?.textContent ?? '', 10) || 0;
  let isBellRight = false;
  /** What is told while an answer is on its way, which may not count it. */
  let meanwhile: RoomActivity[number][] | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let dueAt = Number.POSITIVE_INFINITY;

  const setBadge = (host: Element | null | undefined, count: number): void => {
    host?.querySelector('.badge')?.replaceWith(elementOf(badge(count, 'unread')));
  };

  const show = (): void => {
    let count = unseen;
    for (const known of elsewhere.values()) count += known.unread;
    document.title = count > 0 ? `(${count}) ${plainTitle()}` : plainTitle();
    const icon = count + notifications > 0 ? '/favicon-unread.svg' : '/favicon.svg';
    const link = document.getElementById('favicon');
    if (link?.getAttribute('href') !== icon) link?.setAttribute('href', icon);
  };

  const showRooms = (links: Iterable<HTMLElement>): void => {
    for (const link of links) {
      const count = elsewhere.get(link.dataset.room ?? '')?.unread ?? 0;
      link.classList.toggle('unread', count > 0);
      setBadge(link, count);
    }
    show();
  };

  const linksOf = (id?: string) =>
    document.querySelectorAll<HTMLElement>(`#rooms a[data-room${id === undefined ? '' : `="${CSS.escape(id)}"`}]`);

  /** Counts what no answer has counted yet. */
  const add = ({ room_id, user_id, messages, first_position, last_position }: RoomActivity[number]): void => {
    const known = elsewhere.get(room_id) ?? { room_id, unread: 0, read_position: 0, last_seq: 0 };
    if (room_id === room || user_id === reader.id || last_position <= known.last_seq) return;
    // Some of them are counted already and some not: only the server knows how many.
    if (first_position <= known.last_seq) return refresh();
    elsewhere.set(room_id, { ...known, unread: known.unread + messages });
    showRooms(linksOf(room_id));
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
    const answer = await unreadNotifications(reader.id);
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
    const rooms = await unread(reader.id).catch(() => undefined);
    await listed;
    if (signal.aborted) return;
    if (rooms) {
      elsewhere.clear();
      for (const known of rooms) if (known.room_id !== room) elsewhere.set(known.room_id, known);
      showRooms(linksOf());
      for (const entry of meanwhile) add(entry);
    }
    meanwhile = undefined;
    askIn(jitter(ASK_EVERY_MS));
  };

  const refresh = (): void => askIn(jitter(ASK_SOON_MS));

  document.addEventListener('visibilitychange', refresh, { signal });
  signal.addEventListener('abort', () => clearTimeout(timer));
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
    onActivity: (rooms) => {
      meanwhile?.push(...rooms);
      for (const entry of rooms) add(entry);
    },
    refresh,
    catchUp: () => {
      isBellRight = false;
      refresh();
    },
  };
};
