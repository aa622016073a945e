/**
 * Tells a user's open pages, over the bus, of new notifications and of the unread count. It works behind the requests: an absent
 * bus fails and slows none. Counts are told one after another, so that a user's last is the newest, and requests keep the database.
 */

import { errorFields, type Log } from '@parley/kit/process/log';
import type { Bus } from '@parley/kit/stores/bus';
import type { NotificationMetrics } from '../metrics.ts';
import { type UserEvent, userChannelOf } from './events.ts';
import type { Notification } from './rules.ts';
import type { NotificationStore } from './store.ts';

const MAX_WAITING_USERS = 10_000;

export interface Announcer {
  /** Publishes the notification, then its user's unread count. */
  announceCreated(notification: Notification): void;
  /** Publishes that it has another text. */
  announceChanged(notification: Notification): void;
  /** Publishes that it is gone, then its user's unread count. */
  announceRemoved(notification: Notification): void;
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

export const createAnnouncer = ({ bus, store, log, metrics }: AnnouncerParts): Announcer => {
  /** Whose count is to be told: once, however often it changed meanwhile. */
  const waiting = new Set<string>();
  let telling: Promise<void> | undefined;

  const publish = (userId: string, event: UserEvent) =>
    bus.publish(userChannelOf(userId), JSON.stringify(event)).catch((error: unknown) => {
      metrics.unannounced.inc({ reason: 'bus_away' });
      log.debug({ event: 'announcement_failed', ...errorFields(error) });
    });

  const tellCount = async (userId: string): Promise<void> => {
    try {
      await publish(userId, { type: 'notification_count', unread_count: await store.countUnread(userId) });
    } catch (error) {
      metrics.unannounced.inc({ reason: 'storage_unavailable' });
      log.debug({ event: 'announcement_failed', ...errorFields(error) });
    }
  };

  const tellCounts = async (): Promise<void> => {
    // Who is added while this runs is met too.
    for (const userId of waiting) {
      waiting.delete(userId);
      await tellCount(userId);
    }
    telling = undefined;
  };

  const announceCount = (userId: string) => {
    if (waiting.size >= MAX_WAITING_USERS) return metrics.unannounced.inc({ reason: 'queue_full' });
    waiting.add(userId);
    telling ??= tellCounts();
  };

  return {
    announceCreated: (notification) => {
      void publish(notification.user_id, { type: 'notification', ...notification });
      announceCount(notification.user_id);
    },
    announceChanged: (notification) =>
      void publish(notification.user_id, { type: 'notification_changed', ...notification }),
    announceRemoved: ({ id, user_id: userId, message_id }) => {
      void publish(userId, { type: 'notification_removed', id, message_id });
      announceCount(userId);
    },
    announceCount,
    idle: async () => {
      await telling;
    },
  };
};
