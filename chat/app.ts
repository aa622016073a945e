/** chat, wired: the message log, the hub and the routes over the stores it is given. `close` ends what it began, not the stores. */

import { createCallers } from '@parley/kit/http/callers';
import { platform } from '@parley/kit/http/platform';
import { type Identity, openIdentity } from '@parley/kit/identity/identity';
import { createHealth } from '@parley/kit/process/health';
import { errorFields, type Log } from '@parley/kit/process/log';
import { createMetrics } from '@parley/kit/process/metrics';
import type { Bus } from '@parley/kit/stores/bus';
import type { Database } from '@parley/kit/stores/database';
import { withTimeout } from '@parley/kit/time/timeout';
import { Elysia } from 'elysia';
import { Activity } from './channels/activity.ts';
import { createChannels } from './channels/channels.ts';
import { createTopics } from './channels/topics.ts';
import type { ChatConfig } from './config.ts';
import { Hub } from './delivery/hub.ts';
import { createMessageLog } from './messages/message-log.ts';
import { messageRoutes } from './messages/routes.ts';
import { createMessageStore } from './messages/store.ts';
import { type ChatMetrics, createChatMetrics, createSocketGauges } from './metrics.ts';
import { createOutboxStore } from './outbox/outbox.ts';
import { createReadRelay, createReadStore } from './outbox/reading.ts';
import { createExpiry, createRelay } from './outbox/relay.ts';
import { createServiceCall } from './outbox/services.ts';
import { createKnownPeople } from './rooms/known-people.ts';
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
  readonly log: Log;
}

/** How long accepted frames may take to be stored before a stop goes on without them. */
const DRAIN_TIMEOUT_MS = 2_000;

const docs = {
  title: 'Parley chat',
  description: 'Rooms, messages, and the WebSocket that carries them.',
  version: '1.0.0',
  serverUrl: '.',
} as const;

/** The two relays of the outbox, and its expiry. */
const createRelays = (
  { config, database, log }: Pick<ChatDeps, 'config' | 'database' | 'log'>,
  identity: Identity,
  metrics: ChatMetrics,
) => {
  const { notificationUrl, fileUrl, outboxRetentionDays: retentionDays } = config;
  const call = createServiceCall({ notificationUrl, fileUrl, headers: () => identity.serviceHeaders('chat') });
  const store = createOutboxStore(database);
  const relay = createRelay({ store, call, metrics, log });
  const mentionsRead = createReadRelay({ store: createReadStore(database), call, metrics, log });
  const expiry = createExpiry({ store, retentionDays, log });
  const close = () => Promise.all([relay.close(), expiry.close(), mentionsRead.close()]);
  return { relay, mentionsRead, close };
};

export const createChat = ({ config, database, bus, roster, log }: ChatDeps) => {
  const registry = createMetrics('chat');
  const metrics = createChatMetrics(registry.registry);
  const identity = openIdentity(config, log);
  const callers = createCallers(config);
  const health = createHealth(
    {
      postgres: () => database.probe(),
      redis: () => bus.probe(),
    },
    { needs: ['postgres'] },
  );
  const rooms = createRoomStore(database);
  const messages = createMessageStore(database);
  const knownPeople = createKnownPeople(rooms);
  const quota = createRoomQuota({ burst: config.roomsBurst, perHour: config.roomsPerHour });
  const sockets = createSockets(config.socketBufferBytes);
  const topics = createTopics();
  const { publish } = topics;
  const { resyncLimit } = config;

  const activity = new Activity({ bus, publish });
  const hub = new Hub({ store: messages, bus, roster, metrics, log, resyncLimit, know: knownPeople.know, publish });
  createSocketGauges(registry.registry, () => hub.countSockets());
  const relays = createRelays({ config, database, log }, identity, metrics);
  const messageLog = createMessageLog({
    store: messages,
    metrics,
    queueLimit: config.roomQueueLimit,
    listeners: [hub, activity, relays.relay],
  });

  const hasDocs = config.apiDocs === 'on';
  const app = new Elysia({ name: 'chat', strictPath: true })
    .onStart(topics.open)
    .use(
      platform({
        service: 'chat',
        log,
        health,
        metrics: registry,
        docs,
        hasDocs,
        callers,
        closesSockets: SOCKET_PATH,
      }),
    )
    .use(
      roomRoutes({
        rooms,
        mentionable: createMentionableStore(database),
        knownPeople,
        activity,
        identity,
        mentionsRead: relays.mentionsRead,
        quota,
      }),
    )
    .use(messageRoutes({ messageLog, messages, rooms, identity }))
    .use(
      socketRoutes({
        hub,
        channels: createChannels({ bus, publish }),
        messageLog,
        store: messages,
        metrics,
        log,
        limits: { perSecond: config.framesPerSecond, burst: config.framesBurst },
        resyncLimit,
        identity,
        callers,
        hasDocs,
      }),
    );

  /**
   * Reads, stores and acknowledges the frames that clients have sent, then sends the sockets to another replica, in the same turn of the
   * event loop: closing a socket that has unread frames resets its connection, and acks and the close code get lost.
   */
  const drain = async (): Promise<void> => {
    await sockets.quiet(DRAIN_TIMEOUT_MS);
    await withTimeout(messageLog.idle(), DRAIN_TIMEOUT_MS).catch((error: unknown) =>
      log.warn({ event: 'drain_incomplete', ...errorFields(error) }),
    );
    sockets.moveAll();
  };

  const close = async (): Promise<void> => {
    hub.close();
    activity.close();
    sockets.close();
    await relays.close();
  };

  const looks = { '/feeds': () => hub.look() };
  return { app, health, metrics: registry, looks, websocket: sockets.handler, drain, close };
};
