/** The notification panel: the list of the notifications' page, over the room, kept up to date in every tab. */
import htmx from 'htmx.org';
import { toast } from '../page/announce.ts';
import { type Place, part } from '../page/room-context.ts';
import type { Badges } from './badges.ts';

export interface Panel {
  /** A notification came: its room tells whether the reader sees its message anyway. */
  onNotification(title: string, roomId: string | null): void;
  /** One has another text. */
  onChanged(): void;
  onCount(count: number): void;
}

export const createPanel = ({ room, signal }: Place, badges: Badges): Panel => {
  const panel = part('panel');
  const bell = part('bell');
  const isOpen = () => panel.matches(':popover-open');

  const load = () =>
    htmx.ajax('GET', '/notifications', { target: panel, select: '#notifications', swap: 'innerHTML', push: 'false' });

  bell.addEventListener(
    'click',
    (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      panel.togglePopover();
      if (!isOpen()) return;
      panel.focus();
      void load();
    },
    { signal, capture: true },
  );

  return {
    onNotification: (title, roomId) => {
      badges.notifications += 1;
      if (isOpen()) void load();
      if (roomId !== room || document.hidden) toast(roomId ? `${title} in #${roomId}` : title);
    },
    onChanged: () => {
      if (isOpen()) void load();
    },
    onCount: (count) => {
      badges.notifications = count;
      if (isOpen()) void load();
    },
  };
};
