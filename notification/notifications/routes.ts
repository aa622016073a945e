/** The REST side of notifications. */
import { errorAnswers } from '@parley/kit/error-answers';
import { Failure } from '@parley/kit/errors';
import type { Identity } from '@parley/kit/identity';
import { RoomId, UserId } from '@parley/kit/text';
import { Elysia, t } from 'elysia';
import type { NotificationMetrics } from '../metrics.ts';
import type { PushSender } from '../push/sender.ts';
import type { Announcer } from './announcer.ts';
import { NewNotification, Notification, NotificationId, Notifications, UnreadCount } from './notification.ts';
import type { Rates } from './rates.ts';
import { compose, creatorOf, isNotificationId, isTrue } from './rules.ts';
import type { NotificationStore } from './store.ts';

export interface NotificationRoutesParts {
  readonly store: NotificationStore;
  readonly announcer: Announcer;
  /** Absent: Web Push is off. */
  readonly push?: PushSender | undefined;
  readonly identity: Identity;
  readonly rates: Rates;
  /** Ms since 1970. */
  readonly clock: () => number;
  readonly metrics: Pick<NotificationMetrics, 'created' | 'replayed'>;
}

const DEFAULT_PAGE = 50;
const tags = ['notifications'];

const IdempotencyKey = t.String({
  pattern: '^[\\x21-\\x7e][\\x20-\\x7e]{0,254}$',
  description:
    'Makes a retry safe: the same key of the same creator is the same notification, also after its deletion, for as long as keys are ' +
    'kept (30 days unless the operator says otherwise). 1 to 255 printable ASCII characters',
  examples: ['mention:019c1346-2200-7000-8000-5f1d3c2b1a00:alice'],
});

const ListQuery = t.Object({
  unread_only: t.Optional(
    t.String({
      pattern: '^(?:[Tt](?:rue|RUE)?|TRUE|[Ff](?:alse|ALSE)?|[Yy](?:es|ES)?|[Nn]o?|NO|[Oo](?:n|N|ff|FF)|0|1)$',
      default: 'false',
      description: '`true` leaves out what was read; `1`, `yes` and `on` are understood too',
      examples: ['true'],
    }),
  ),
  limit: t.Optional(
    t.Integer({ default: DEFAULT_PAGE, minimum: 1, maximum: 200, description: 'How many at most', examples: [20] }),
  ),
  before: t.Optional(
    t.String({
      format: 'uuid',
      description:
        'The id of the last notification of the page before: only older ones follow, whether or not it still exists',
      examples: ['019c1346-2200-7000-8000-5f1d3c2b1a00'],
    }),
  ),
});

const Ok = t.Literal('ok', { description: 'Always ok', examples: ['ok'] });
const Read = t.Object(
  { status: Ok, id: NotificationId },
  { description: 'It is read', examples: [{ status: 'ok', id: '019c1346-2200-7000-8000-5f1d3c2b1a00' }] },
);
const AllRead = t.Object(
  { status: Ok, user_id: UserId },
  { description: 'All are read', examples: [{ status: 'ok', user_id: 'alice' }] },
);
const RoomRead = t.Object({
  room_id: RoomId,
  up_to: t.Integer({
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    description: 'The `position` of the last message of the room that the user has read',
    examples: [5046],
  }),
});
const Deleted = t.Object(
  { status: t.Literal('deleted', { description: 'Always deleted', examples: ['deleted'] }) },
  { description: 'It is gone', examples: [{ status: 'deleted' }] },
);

const ofUser = t.Object({ user_id: UserId });
/** The router wants one name for all parameters at one place: here `id` is a user's. */
const ofUserAsId = t.Object({
  id: t.String({ ...UserId, description: 'The id of the **user** whose notifications are marked as read' }),
});
const ofNotification = t.Object({ id: NotificationId });
const userErrors = errorAnswers('invalid_input', 'unauthenticated', 'forbidden', 'storage_unavailable');
const notificationErrors = errorAnswers(
  'invalid_input',
  'unknown_notification',
  'unauthenticated',
  'storage_unavailable',
);

export const notificationRoutes = (parts: NotificationRoutesParts) => {
  const { store, announcer, push, identity, rates, clock, metrics } = parts;
  /** @throws {Failure} `unknown_notification`, alike when it isn't there and when it is another user's */
  const ownerFor = async (headers: Headers, id: string): Promise<string> => {
    await identity.requireAnyone(headers);
    const owner = isNotificationId(id) ? await store.ownerOf(id) : undefined;
    if (owner === undefined) throw new Failure('unknown_notification');
    await identity.requireUser(headers, owner).catch((error: unknown) => {
      throw new Failure('unknown_notification', undefined, { cause: error });
    });
    return owner;
  };

  const tell = (notification: Notification) => {
    metrics.created.inc({ notif_type: notification.notif_type });
    announcer.announceCreated(notification);
    push?.push(notification);
  };

  return new Elysia({ name: 'notifications' })
    .post(
      '/notifications',
      async ({ body, headers, request, status }) => {
        const creator = creatorOf(body, await identity.proofOf(request.headers));
        const asked = compose(body, clock());
        if (!creator.isService) rates.take(creator.id, asked.user_id);
        const text = headers['idempotency-key'];
        const key = text === undefined ? undefined : { creator: creator.id, text };
        const { notification, isNew } = await store.create(asked, { key, messageSeq: body.message_seq });
        if (isNew) tell(notification);
        else metrics.replayed.inc();
        return status(isNew ? 201 : 200, notification);
      },
      {
        headers: t.Object({ 'idempotency-key': t.Optional(IdempotencyKey) }),
        body: NewNotification,
        response: {
          201: Notification,
          200: { ...Notification, description: 'The notification that this key created before' },
          ...userErrors,
          ...errorAnswers('invalid_json', 'idempotency_key_taken', 'too_large'),
        },
        detail: {
          summary: 'Create a notification',
          description:
            "Acts as `from_user`, or without one as `user_id`. The user's open pages get it as a `notification` event, and a " +
            'mention is pushed to their subscribed browsers. With an `Idempotency-Key` that was used before: 200 and the same ' +
            'notification, nothing is created or told again; 409 when that one has another user or sender.',
          tags,
        },
      },
    )
    .get(
      '/notifications/:user_id',
      async ({
        params: { user_id: userId },
        query: { unread_only = 'false', limit = DEFAULT_PAGE, before },
        request,
      }) => {
        await identity.requireUser(request.headers, userId);
        return store.list({ userId, unreadOnly: isTrue(unread_only), limit, before });
      },
      {
        params: ofUser,
        query: ListQuery,
        response: { 200: Notifications, ...userErrors },
        detail: { summary: "A user's notifications", description: 'Newest first, a page at a time.', tags },
      },
    )
    .get(
      '/notifications/:user_id/unread-count',
      async ({ params: { user_id: userId }, request }) => {
        await identity.requireUser(request.headers, userId);
        return { user_id: userId, unread_count: await store.countUnread(userId) };
      },
      {
        params: ofUser,
        response: { 200: UnreadCount, ...userErrors },
        detail: { summary: 'How many are unread', description: 'Costs what it counts, not what is stored.', tags },
      },
    )
    .patch(
      '/notifications/:id/read',
      async ({ params: { id }, request }) => {
        const owner = await ownerFor(request.headers, id);
        await store.markRead(id);
        announcer.announceCount(owner);
        return { status: 'ok' as const, id };
      },
      {
        params: ofNotification,
        response: { 200: Read, ...notificationErrors },
        detail: { summary: 'Mark one as read', description: 'Once or twice is the same.', tags },
      },
    )
    .patch(
      '/notifications/:id/read-all',
      async ({ params: { id: userId }, request }) => {
        await identity.requireUser(request.headers, userId);
        await store.markAllRead(userId);
        announcer.announceCount(userId);
        return { status: 'ok' as const, user_id: userId };
      },
      {
        params: ofUserAsId,
        response: { 200: AllRead, ...userErrors },
        detail: {
          summary: "Mark all of a user's as read",
          description: 'Those that are there when it begins. The `id` in this address is a user id.',
          tags,
        },
      },
    )
    .patch(
      '/notifications/:id/read-room',
      async ({ params: { id: userId }, query: { room_id: roomId, up_to: upTo }, request }) => {
        await identity.requireUser(request.headers, userId);
        await store.markRoomRead(userId, roomId, upTo);
        announcer.announceCount(userId);
        return { status: 'ok' as const, user_id: userId };
      },
      {
        params: ofUserAsId,
        query: RoomRead,
        response: { 200: AllRead, ...userErrors },
        detail: {
          summary: "Mark a user's notifications of a room as read, up to a message",
          description:
            'Those that are about a message of the room at most at this position. The `id` in this address is a user id.',
          tags,
        },
      },
    )
    .delete(
      '/notifications/:id',
      async ({ params: { id }, request }) => {
        const owner = await ownerFor(request.headers, id);
        await store.remove(id);
        announcer.announceCount(owner);
        return { status: 'deleted' as const };
      },
      {
        params: ofNotification,
        response: { 200: Deleted, ...notificationErrors },
        detail: { summary: 'Delete a notification', description: 'It is gone from the database.', tags },
      },
    );
};
