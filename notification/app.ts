/** notification, wired: routes, announcements, Web Push and retention over the stores it is given. */
import { createCallers } from '@parley/kit/http/callers';
import { platform } from '@parley/kit/http/platform';
import { openIdentity } from '@parley/kit/identity/identity';
import { createHealth } from '@parley/kit/process/health';
import type { Log } from '@parley/kit/process/log';
import { createMetrics } from '@parley/kit/process/metrics';
import type { Bus } from '@parley/kit/stores/bus';
import type { Database } from '@parley/kit/stores/database';
import { Elysia } from 'elysia';
import type { NotificationConfig } from './config.ts';
import { messageRoutes } from './messages/routes.ts';
import { createMessageStore } from './messages/store.ts';
import { createNotificationMetrics } from './metrics.ts';
import { Announcer } from './notifications/announcer.ts';
import { createRates } from './notifications/rates.ts';
import { notificationRoutes } from './notifications/routes.ts';
import { createNotificationStore } from './notifications/store.ts';
import packageJson from './package.json' with { type: 'json' };
import { pushRoutes } from './push/routes.ts';
import { PushSender, type PushSenderDeps } from './push/sender.ts';
import { createSubscriptionStore } from './push/store.ts';
import { createTransport } from './push/transport.ts';
import { Retention } from './retention.ts';

export interface NotificationDeps {
  readonly config: NotificationConfig;
  readonly database: Database;
  readonly bus: Bus;
  readonly log: Log;
  /** Ms since 1970. */
  readonly clock: () => number;
}

const docs = {
  title: 'Parley notification',
  description:
    'Notifications of users, read or unread: sent to their open pages, and pushed to their browsers by Web Push.',
  version: packageJson.version,
  serverUrl: '..',
} as const;

/** Undefined when Web Push is off, because there are no keys. */
const createPush = (
  { config, clock, log }: NotificationDeps,
  deps: Pick<PushSenderDeps, 'notifications' | 'subscriptions' | 'metrics'>,
): PushSender | undefined => {
  const { vapid, pushAllowLoopback: allowLoopback, pushTimeoutMs: timeoutMs } = config;
  if (!vapid) return undefined;
  const limits = {
    concurrency: config.pushConcurrency,
    maxWaiting: config.pushQueueLimit,
    maxWaitingPerPerson: config.pushQueueLimitPerPerson,
    maxWaitMs: config.pushBudgetMs,
    cutOffMs: config.pushCutOffMs,
  };
  const transport = createTransport({ policy: { allowLoopback }, timeoutMs });
  return new PushSender({ ...deps, vapid, transport, limits, clock, log });
};

const createNotificationHealth = ({ config, database, bus }: NotificationDeps) =>
  createHealth(
    {
      postgres: () => database.probe(),
      redis: () => bus.probe(),
      push: () => (config.vapid ? 'enabled' : 'push_disabled'),
    },
    { needs: ['postgres'] },
  );

export const createNotification = (deps: NotificationDeps) => {
  const { config, database, bus, log, clock } = deps;
  const metrics = createMetrics('notification');
  const notificationMetrics = createNotificationMetrics(metrics);
  const identity = openIdentity(config, log);
  const callers = createCallers(config);
  const health = createNotificationHealth(deps);
  const hasDocs = config.apiDocs === 'on';
  const store = createNotificationStore(database, config.unreadLimit);
  const messages = createMessageStore(database);
  const subscriptions = createSubscriptionStore(database);
  const rates = createRates({ perSecond: config.creationsPerSecond, burst: config.creationsBurst });
  const announcer = new Announcer({ bus, store, log, metrics: notificationMetrics });
  const push = createPush(deps, { notifications: store, subscriptions, metrics: notificationMetrics });
  const retention = new Retention({ store, messages, clock, limits: config, log, metrics: notificationMetrics });
  const publicKey = config.vapid?.publicKey;
  const policy = { allowLoopback: config.pushAllowLoopback };

  const app = new Elysia({ name: 'notification', strictPath: true })
    .use(platform({ service: 'notification', docs, log, health, metrics, callers, hasDocs }))
    .use(notificationRoutes({ store, announcer, push, identity, rates, clock, metrics: notificationMetrics }))
    .use(messageRoutes({ messages, announcer, push, identity, clock }))
    .use(pushRoutes({ publicKey, policy, subscriptions, identity, clock }));

  return {
    app,
    health,
    metrics,
    /** Starts the deletion of old rows. Called when the migrations have created the tables. */
    start: () => retention.start(),
    /** Waits until all accepted notifications are published and pushed. */
    drain: () => Promise.all([announcer.idle(), push?.idle()]),
    close: async (): Promise<void> => {
      push?.close();
      await retention.close();
    },
  };
};
