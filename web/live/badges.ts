/** What is unread: beside the rooms, on the bell, in the title and on the icon. */
import type { Unread } from '@parley/chat/rooms/rules';
import { badge } from '../views/sidebar.ts';
import { unread } from './api.ts';
import type { Place } from './place.ts';
import { elementOf } from './trust.ts';

const ASK_EVERY_MS = 4_000;
const ASK_HIDDEN_EVERY_MS = 20_000;

export interface Badges {
  /** Messages that came into the open room while nobody looked. */
  unseen: number;
  notifications: number;
  /** Asks for the rooms' counts now. */
  refresh(): void;
}

/** Pages that opened together don't ask together for ever. */
const jitter = (ms: number): number => ms * (0.8 + Math.random() * 0.4);

const plainTitle = (): string => document.title.replace(/^\(\d+\) /, '');

export const createBadges = ({ room, reader, signal }: Place): Badges => {
  let unseen = 0;
  let elsewhere = 0;
  let notifications = Number.parseInt(document.querySelector('#bell .badge')?.textContent ?? '', 10) || 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const setBadge = (host: Element | null | undefined, count: number): void => {
    host?.querySelector('.badge')?.replaceWith(elementOf(badge(count, 'unread')));
  };

  const show = (): void => {
    const count = unseen + elsewhere;
    document.title = count > 0 ? `(${count}) ${plainTitle()}` : plainTitle();
    const icon = count + notifications > 0 ? '/favicon-unread.svg' : '/favicon.svg';
    const link = document.getElementById('favicon');
    if (link?.getAttribute('href') !== icon) link?.setAttribute('href', icon);
  };

  const showRooms = (rooms: readonly Unread[]): void => {
    const counts = new Map(rooms.map(({ room_id, unread: count }) => [room_id, count]));
    elsewhere = 0;
    for (const link of document.querySelectorAll<HTMLElement>('#rooms a[data-room]')) {
      const id = link.dataset.room ?? '';
      const count = id === room ? 0 : (counts.get(id) ?? 0);
      elsewhere += count;
      link.classList.toggle('unread', count > 0);
      setBadge(link, count);
    }
    show();
  };

  const ask = async (): Promise<void> => {
    clearTimeout(timer);
    const rooms = await unread(reader.id).catch(() => undefined);
    if (signal.aborted) return;
    if (rooms) showRooms(rooms);
    clearTimeout(timer);
    timer = setTimeout(() => void ask(), jitter(document.hidden ? ASK_HIDDEN_EVERY_MS : ASK_EVERY_MS));
  };

  document.addEventListener('visibilitychange', () => void ask(), { signal });
  signal.addEventListener('abort', () => clearTimeout(timer));
  show();
  timer = setTimeout(() => void ask(), ASK_EVERY_MS);

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
      notifications = Math.max(0, count);
      setBadge(document.getElementById('bell'), notifications);
      show();
    },
    refresh: () => void ask(),
  };
};
