/** The number of unread notifications, on the bell. */
import { countUnreadNotifications } from '@parley/client/api/notification';
import type { Takes } from '../connection/frames.ts';
import { call } from '../page/api.ts';
import { findElement } from '../page/elements.ts';
import type { RoomContext } from '../page/room-context.ts';
import { countIn, setBadge } from './badge.ts';
import type { TabTitle } from './tab-title.ts';

export interface Bell {
  readonly frames: Takes<'ready' | 'notification' | 'notification_count'>;
  /** Requests the count, unless a frame has reported it since the socket connected. */
  refresh(): Promise<void>;
}

export interface BellDeps {
  readonly context: RoomContext;
  readonly tabTitle: TabTitle;
}

export const createBell = ({ context, tabTitle }: BellDeps): Bell => {
  const { reader, signal } = context;
  const bell = findElement('bell');
  let count = countIn(bell);
  let isCurrent = false;
  tabTitle.show({ notifications: count });

  const set = (next: number): void => {
    isCurrent = true;
    count = Math.max(0, next);
    bell?.setAttribute('title', 'Notifications');
    setBadge(bell, count);
    tabTitle.show({ notifications: count });
  };

  return {
    frames: {
      // Frames were missed while there was no connection.
      ready: () => {
        isCurrent = false;
      },
      notification: () => set(count + 1),
      notification_count: ({ unread_count }) => set(unread_count),
    },
    refresh: async () => {
      if (isCurrent) return;
      const { unread_count } = await call(countUnreadNotifications, { user_id: reader.id });
      // A frame that arrived meanwhile is newer than the answer.
      if (!isCurrent && !signal.aborted) set(unread_count);
    },
  };
};
