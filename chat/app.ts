/** chat, wired: the log, the hub and the routes over the stores it is given. `close` ends what it began, not the stores. */

import { createCallers } from '@parley/kit/http/callers';
import { platform } from '@parley/kit/http/platform';
import { openIdentity } from '@parley/kit/identity/identity';
import { createHealth } from '@parley/kit/process/health';
import { errorFields, type Log as Logger } from '@parley/kit/process/log';
import { createMetrics } from '@parley/kit/process/metrics';
import type { Bus } from '@parley/kit/stores/bus';
import type { Database } from '@parley/kit/stores/database';
import { withTimeout } from '@parley/kit/time/timeout';
import { Elysia } from 'elysia';
import { createActivity } from './channels/activity.ts';
import { createChannels } from './channels/channels.ts';
import { createTopics } from './channels/topics.ts';
import type { ChatConfig } from './config.ts';
import { createHub, type Hub } from './delivery/hub.ts';
import { createLog } from './messages/message-log.ts';
import { messageRoutes } from './messages/routes.ts';
import { mayConcernOthers } from './messages/rules.ts';
import { createMessageStore } from './messages/store.ts';
import { createChatMetrics } from './metrics.ts';
import { createOutboxStore } from './outbox/outbox.ts';
import { createReadRelay, createReadStore } from './outbox/reading.ts';
import { createExpiry, createRelay } from './outbox/relay.ts';
import { createServiceCall } from './outbox/services.ts';
import { createPeople } from './rooms/known-people.ts';
import { createMentionableStore } from './rooms/mentionable.ts';
import { createRoomQuota } from './rooms/quota.ts';
import { roomRoutes } from './rooms/routes.ts';
import { createRoomStore } from './rooms/store.ts';
import type { Roster } from './roster/roster.ts';
import { SOCKET_PATH, socketRoutes } from './socket/routes.ts';
import { createSockets } from './socket/sockets.ts';

export interface ChatDeps {
  readonly config: ChatConfig;
  readonly database: Database;
  readonly bus: Bus;
  readonly roster: Roster;
  readonly logger: Logger;
}

/** How long accepted frames may take to be stored before a stop goes on without them. */
const DRAIN_TIMEOUT_MS = 2_000;

export type Chat = ReturnType<typeof createChat>;

export const createChat = ({ config, database, bus, roster, logger }: ChatDeps) => {
  const metrics = createMetrics('chat');
  const chatMetrics = createChatMetrics(metrics.registry, () => hub.countSockets());
  const identity = openIdentity(config, logger);
  const health = createHealth(
    {
      postgres: () => database.probe(),
      redis: () => bus.probe(),
    },
    { needs: ['postgres'] },
  );
  const rooms = createRoomStore(database);
  const messages = createMessageStore(database);
  const people = createPeople(rooms);
  const sockets = createSockets(config.socketBufferBytes);

  const topics = createTopics();
  const { publish } = topics;
  const activity = createActivity({ bus, publish });
  const hub: Hub = createHub({
    store: messages,
    bus,
    roster,
    metrics: chatMetrics,
    log: logger,
    resyncLimit: config.resyncLimit,
    know: (roomId, person) => people.know(roomId, person),
    publish,
  });
  const { notificationUrl, fileUrl } = config;
  const call = createServiceCall({ notificationUrl, fileUrl, headers: () => identity.serviceHeaders('chat') });
  const outbox = createOutboxStore(database);
  const expiry = createExpiry({ store: outbox, retentionDays: config.outboxRetentionDays, logger });
  const relay = createRelay({
    store: outbox,
    call,
    metrics: chatMetrics,
    logger,
  });
  const mentionsRead = createReadRelay({
    store: createReadStore(database),
    call,
    metrics: chatMetrics,
    logger,
  });
  const log = createLog({
    store: messages,
    metrics: chatMetrics,
    queueLimit: config.roomQueueLimit,
    onCommitted: (roomId, written) => {
      hub.committed(roomId, written);
      activity.committed(roomId, written);
      if (written.some(({ message }) => mayConcernOthers(message))) relay.wake();
    },
  });
  const limits = { perSecond: config.framesPerSecond, burst: config.framesBurst };
  const session = {
    hub,
    channels: createChannels({ bus, publish }),
    log,
    store: messages,
    metrics: chatMetrics,
    logger,
    limits,
    resyncLimit: config.resyncLimit,
    identity,
  };
  const quota = createRoomQuota({ burst: config.roomsBurst, perHour: config.roomsPerHour });
  const callers = createCallers(config);
  const hasDocs = config.apiDocs === 'on';
  const docs = {
    title: 'Parley chat',
    description: 'Rooms, messages, and the WebSocket that carries them.',
    version: '1.0.0',
    serverUrl: '.' as const,
  };

  const app = new Elysia({ name: 'chat', strictPath: true })
    .onStart(topics.open)
    .use(
      platform({ service: 'chat', log: logger, health, metrics, docs, hasDocs, callers, closesSockets: SOCKET_PATH }),
    )
    .use(
      roomRoutes({
        rooms,
        mentionable: createMentionableStore(database),
        people,
        activity,
        identity,
        mentionsRead,
        quota,
      }),
    )
    .use(messageRoutes({ log, messages, rooms, identity }))
    .use(socketRoutes({ ...session, callers, hasDocs }));

  /**
   * What clients had sent is read, stored and acknowledged; then, in the same turn, the sockets are sent to another replica. To close
   * a socket with unread frames would reset its connection, and take acks and the close code with it.
   */
  const drain = async (): Promise<void> => {
    await sockets.quiet(DRAIN_TIMEOUT_MS);
    await withTimeout(log.idle(), DRAIN_TIMEOUT_MS).catch((error: unknown) =>
      logger.warn({ event: 'drain_incomplete', ...errorFields(error) }),
    );
    sockets.moveAll();
  };

  const close = async (): Promise<void> => {
    hub.close();
    activity.close();
    sockets.close();
    await Promise.all([relay.close(), expiry.close(), mentionsRead.close()]);
  };
  const looks = { '/feeds': hub.look };
  return { app, health, metrics, looks, websocket: sockets.handler, drain, close };
};
