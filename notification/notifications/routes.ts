/** The routes of notifications. */
import { routeOf } from '@parley/kit/contract/contract';
import { Failure } from '@parley/kit/errors/failure';
import type { Identity } from '@parley/kit/identity/identity';
import { Elysia } from 'elysia';
import {
  countUnreadNotifications,
  createNotification,
  DEFAULT_PAGE,
  deleteNotification,
  listNotifications,
  markAllNotificationsRead,
  markNotificationRead,
  markRoomNotificationsRead,
} from '../contract.ts';
import { errors } from '../errors.ts';
import type { NotificationMetrics } from '../metrics.ts';
import type { Announcer } from './announcer.ts';
import { creatorOf } from './creator.ts';
import type { Pusher } from './pusher.ts';
import type { Rates } from './rates.ts';
import { isNotificationId, type Notification, newNotification } from './rules.ts';
import type { NotificationStore } from './store.ts';

/** Whether a query parameter means true: `true`, `1`, `yes` and `on` in any case, since clients in other languages write it so. */
const isTrue = (text: string): boolean => /^(true|t|yes|y|on|1)$/i.test(text);

export interface NotificationRoutesDeps {
  readonly store: NotificationStore;
  readonly announcer: Announcer;
  /** Absent when Web Push is off. */
  readonly push?: Pusher | undefined;
  readonly identity: Identity;
  readonly rates: Rates;
  /** Ms since 1970. */
  readonly clock: () => number;
  readonly metrics: Pick<NotificationMetrics, 'created' | 'replayed'>;
}

export const notificationRoutes = (deps: NotificationRoutesDeps) => {
  const { store, announcer, push, identity, rates, clock, metrics } = deps;

  /**
   * The user of a notification, for a request that may change it.
   * @throws {Failure} `unknown_notification`, both for an absent one and for another user's, so that ids can't be probed
   */
  const requireOwner = async (headers: Headers, id: string): Promise<string> => {
    await identity.requireAnyone(headers);
    const owner = isNotificationId(id) ? await store.ownerOf(id) : undefined;
    if (owner === undefined) throw new Failure(errors.unknown_notification);
    await identity.requireUser(headers, owner).catch((error: unknown) => {
      throw new Failure(errors.unknown_notification, undefined, { cause: error });
    });
    return owner;
  };

  const announce = (notification: Notification) => {
    metrics.created.inc({ notif_type: notification.notif_type });
    announcer.announceCreated(notification);
    push?.push(notification);
  };

  return new Elysia({ name: 'notifications' })
    .route(
      createNotification.method,
      createNotification.path,
      async ({ body, headers, request, status }) => {
        const creator = creatorOf(body, await identity.proofOf(request.headers));
        const asked = newNotification(body, clock());
        if (!creator.isService) rates.take(creator.id, asked.user_id);
        const text = headers['idempotency-key'];
        const key = text === undefined ? undefined : { creator: creator.id, text };
        const { notification, isNew } = await store.create(asked, { key, messageSeq: body.message_seq });
        if (isNew) announce(notification);
        else metrics.replayed.inc();
        return status(isNew ? 201 : 200, notification);
      },
      routeOf(createNotification),
    )
    .route(
      listNotifications.method,
      listNotifications.path,
      async ({
        params: { user_id: userId },
        query: { unread_only = 'false', limit = DEFAULT_PAGE, before },
        request,
      }) => {
        await identity.requireUser(request.headers, userId);
        return store.list({ userId, unreadOnly: isTrue(unread_only), limit, before });
      },
      routeOf(listNotifications),
    )
    .route(
      countUnreadNotifications.method,
      countUnreadNotifications.path,
      async ({ params: { user_id: userId }, request }) => {
        await identity.requireUser(request.headers, userId);
        return { user_id: userId, unread_count: await store.countUnread(userId) };
      },
      routeOf(countUnreadNotifications),
    )
    .route(
      markNotificationRead.method,
      markNotificationRead.path,
      async ({ params: { id }, request }) => {
        const owner = await requireOwner(request.headers, id);
        await store.markRead(id);
        announcer.announceCount(owner);
        return { status: 'ok' as const, id };
      },
      routeOf(markNotificationRead),
    )
    .route(
      markAllNotificationsRead.method,
      markAllNotificationsRead.path,
      async ({ params: { id: userId }, request }) => {
        await identity.requireUser(request.headers, userId);
        await store.markAllRead(userId);
        announcer.announceCount(userId);
        return { status: 'ok' as const, user_id: userId };
      },
      routeOf(markAllNotificationsRead),
    )
    .route(
      markRoomNotificationsRead.method,
      markRoomNotificationsRead.path,
      async ({ params: { id: userId }, query: { room_id: roomId, up_to: upTo }, request }) => {
        await identity.requireUser(request.headers, userId);
        await store.markRoomRead(userId, roomId, upTo);
        announcer.announceCount(userId);
        return { status: 'ok' as const, user_id: userId };
      },
      routeOf(markRoomNotificationsRead),
    )
    .route(
      deleteNotification.method,
      deleteNotification.path,
      async ({ params: { id }, request }) => {
        const owner = await requireOwner(request.headers, id);
        await store.remove(id);
        announcer.announceCount(owner);
        return { status: 'deleted' as const };
      },
      routeOf(deleteNotification),
    );
};
