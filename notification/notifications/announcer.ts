/**
 * Tells a user's open pages, over the bus, of new notifications and of the unread count. It works behind the request: an absent
 * bus fails and slows nothing. A user's counts go out one after another, so that the last one told is the newest.
 */
import type { Bus } from '@parley/kit/bus';
import { errorFields, type Log } from '@parley/kit/log';
import type { NotificationMetrics } from '../metrics.ts';
import { channelOf, countEvent, createdEvent, type Notification } from './notification.ts';
import type { NotificationStore } from './store.ts';

const MAX_WAITING_USERS = 10_000;

export interface Announcer {
  /** Publishes the notification, then its user's unread count. */
  announceCreated(notification: Notification): void;
  /** Publishes the user's unread count. */
  announceCount(userId: string): void;
  /** Resolves when what was announced has been published, or couldn't be. */
  idle(): Promise<void>;
}

export interface AnnouncerParts {
  readonly bus: Bus;
  readonly store: Pick<NotificationStore, 'countUnread'>;
  readonly log: Log;
  readonly metrics: Pick<NotificationMetrics, 'unannounced'>;
}

/** A user whose count is being told; `isStale` when it changed meanwhile. */
interface Telling {
  isStale: boolean;
  readonly done: Promise<void>;
}

export const createAnnouncer = ({ bus, store, log, metrics }: AnnouncerParts): Announcer => {
  const telling = new Map<string, Telling>();

  const publish = (userId: string, event: string) =>
    bus.publish(channelOf(userId), event).catch((error: unknown) => {
      metrics.unannounced.inc({ reason: 'bus_away' });
      log.debug({ event: 'announcement_failed', ...errorFields(error) });
    });

  const tellCounts = async (userId: string): Promise<void> => {
    try {
      do {
        const entry = telling.get(userId);
        if (entry) entry.isStale = false;
        await publish(userId, countEvent(await store.countUnread(userId)));
      } while (telling.get(userId)?.isStale);
    } catch (error) {
      metrics.unannounced.inc({ reason: 'storage_unavailable' });
      log.debug({ event: 'announcement_failed', ...errorFields(error) });
    } finally {
      telling.delete(userId);
    }
  };

  const announceCount = (userId: string) => {
    const entry = telling.get(userId);
    if (entry) {
      entry.isStale = true;
      return;
    }
    if (telling.size >= MAX_WAITING_USERS) {
      metrics.unannounced.inc({ reason: 'queue_full' });
      return;
    }
    telling.set(userId, { isStale: false, done: tellCounts(userId) });
  };

  return {
    announceCreated: (notification) => {
      void publish(notification.user_id, createdEvent(notification));
      announceCount(notification.user_id);
    },
    announceCount,
    idle: async () => {
      await Promise.all([...telling.values()].map(({ done }) => done));
    },
  };
};
