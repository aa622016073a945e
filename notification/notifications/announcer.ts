/**
 * Publishes a user's new and changed notifications and their unread count on the bus, for the user's open pages. Requests don't wait for
 * it: while the bus is away, announcements are lost and requests go on. Counts are published one after another, so that the last one of a
 * user is the newest, and so that counting takes one connection of the database at most.
 */

import { errorFields, type Log } from '@parley/kit/process/log';
import type { Bus } from '@parley/kit/stores/bus';
import type { NotificationMetrics } from '../metrics.ts';
import { type UserEvent, userChannelOf } from './events.ts';
import type { Notification } from './rules.ts';
import type { NotificationStore } from './store.ts';

const MAX_WAITING_USERS = 10_000;

export interface AnnouncerDeps {
  readonly bus: Bus;
  readonly store: Pick<NotificationStore, 'countUnread'>;
  readonly log: Log;
  readonly metrics: Pick<NotificationMetrics, 'unannounced'>;
}

export class Announcer {
  readonly #deps: AnnouncerDeps;
  /** Users whose count is to be published: once, however often it changes before. */
  readonly #waiting = new Set<string>();
  #publishing: Promise<void> | undefined;

  constructor(deps: AnnouncerDeps) {
    this.#deps = deps;
  }

  /** Publishes a new notification, then its user's unread count. */
  announceCreated(notification: Notification): void {
    void this.#publish(notification.user_id, { type: 'notification', ...notification });
    this.announceCount(notification.user_id);
  }

  /** Publishes a notification whose text changed. */
  announceChanged(notification: Notification): void {
    void this.#publish(notification.user_id, { type: 'notification_changed', ...notification });
  }

  /** Publishes that a notification was deleted, then its user's unread count. */
  announceRemoved({ id, user_id: userId, message_id }: Notification): void {
    void this.#publish(userId, { type: 'notification_removed', id, message_id });
    this.announceCount(userId);
  }

  /** Publishes the user's unread count. */
  announceCount(userId: string): void {
    if (this.#waiting.size >= MAX_WAITING_USERS) return this.#deps.metrics.unannounced.inc({ reason: 'queue_full' });
    this.#waiting.add(userId);
    this.#publishing ??= this.#publishCounts();
  }

  /** Resolves when all counts are published or lost. */
  async idle(): Promise<void> {
    await this.#publishing;
  }

  async #publishCounts(): Promise<void> {
    // Iterating a Set also visits the users that are added during the loop.
    for (const userId of this.#waiting) {
      this.#waiting.delete(userId);
      await this.#publishCount(userId);
    }
    this.#publishing = undefined;
  }

  async #publishCount(userId: string): Promise<void> {
    const { store, metrics, log } = this.#deps;
    try {
      await this.#publish(userId, { type: 'notification_count', unread_count: await store.countUnread(userId) });
    } catch (error) {
      metrics.unannounced.inc({ reason: 'storage_unavailable' });
      log.debug({ event: 'announcement_failed', ...errorFields(error) });
    }
  }

  async #publish(userId: string, event: UserEvent): Promise<void> {
    const { bus, metrics, log } = this.#deps;
    try {
      await bus.publish(userChannelOf(userId), JSON.stringify(event));
    } catch (error) {
      metrics.unannounced.inc({ reason: 'bus_away' });
      log.debug({ event: 'announcement_failed', ...errorFields(error) });
    }
  }
}
