/** The notification panel: the list of the notifications page, in a popover over the room. */
import htmx from 'htmx.org';
import { NOTIFICATIONS_PATH } from '../../views/paths.ts';
import type { Takes } from '../connection/frames.ts';
import { toast } from '../page/announce.ts';
import { requireElement } from '../page/elements.ts';
import type { RoomContext } from '../page/room-context.ts';

export interface Panel {
  readonly frames: Takes<'notification' | 'notification_changed' | 'notification_count'>;
}

export const createPanel = ({ room, signal }: RoomContext): Panel => {
  const panel = requireElement('panel');
  const isOpen = () => panel.matches(':popover-open');

  const load = (): void =>
    void htmx.ajax('GET', NOTIFICATIONS_PATH, {
      target: panel,
      select: '#notifications',
      swap: 'innerHTML',
      push: 'false',
    });
  const reload = (): void => {
    if (isOpen()) load();
  };

  const onBell = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    panel.togglePopover();
    if (!isOpen()) return;
    panel.focus();
    load();
  };
  requireElement('bell').addEventListener('click', onBell, { signal, capture: true });

  return {
    frames: {
      notification: ({ title, room_id }) => {
        reload();
        // In the open room the reader sees the message itself.
        if (room_id !== room || document.hidden) toast(room_id ? `${title} in #${room_id}` : title);
      },
      notification_changed: reload,
      notification_count: reload,
    },
  };
};
