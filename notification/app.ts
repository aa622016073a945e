/** notification, wired: the routes, the announcer, Web Push and retention over the stores it is given. `close` ends what it began. */

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
  description: 'What a user should know of, read or unread; told to open pages and pushed to browsers.',
  version: '0.1.0',
  serverUrl: '..',
} as const;

export const createNotification = ({ config, database, bus, log, clock }: NotificationDeps) => {
  const registry = createMetrics('notification');
  const metrics = createNotificationMetrics(registry.registry);
  const identity = openIdentity(config, log);
  const store = createNotificationStore(database, config.unreadLimit);
  const messages = createMessageStore(database);
  const rates = createRates({ perSecond: config.creationsPerSecond, burst: config.creationsBurst });
  const subscriptions = createSubscriptionStore(database);
  const policy = { allowLoopback: config.pushAllowLoopback };
  const announcer = new Announcer({ bus, store, log, metrics });
  const push = createPush(config, { notifications: store, subscriptions, clock, log, metrics });
  const { retentionDays, keyRetentionDays, retentionIntervalMs: intervalMs } = config;
  const retention = new Retention({
    store,
    messages,
    clock,
    retentionDays,
    keyRetentionDays,
    intervalMs,
    log,
    metrics,
  });
  const health = createHealth(
    {
      postgres: () => database.probe(),
      redis: () => bus.probe(),
      push: () => (push ? 'enabled' : 'push_disabled'),
    },
    { needs: ['postgres'] },
  );

  const app = new Elysia({ name: 'notification', strictPath: true })
    .use(
      platform({
        service: 'notification',
        log,
        health,
        metrics: registry,
        docs,
        callers: createCallers(config),
        hasDocs: config.apiDocs === 'on',
      }),
    )
    .use(notificationRoutes({ store, announcer, push, identity, rates, clock, metrics }))
    .use(messageRoutes({ messages, announcer, push, identity, clock }))
    .use(pushRoutes({ publicKey: config.vapid?.publicKey, policy, subscriptions, identity, clock }));

  return {
    app,
    health,
    metrics: registry,
    /** Starts the deletion of old rows. Called when the migrations have created the tables. */
    start: () => retention.start(),
    /** Waits until all accepted notifications are published and pushed. */
    drain: async (): Promise<void> => {
      await Promise.all([announcer.idle(), push?.idle()]);
    },
    close: async (): Promise<void> => {
      push?.close();
      await retention.close();
    },
  };
};

/** Undefined without keys: Web Push is off. */
const createPush = (config: NotificationConfig, parts: Omit<PushSenderDeps, 'vapid' | 'transport' | 'limits'>) => {
  const { vapid, pushAllowLoopback: allowLoopback, pushTimeoutMs: timeoutMs } = config;
  if (!vapid) return undefined;
  const limits = {
    concurrency: config.pushConcurrency,
    maxWaiting: config.pushQueueLimit,
    maxWaitingPerPerson: config.pushQueueLimitPerPerson,
    maxWaitMs: config.pushBudgetMs,
    cutOffMs: config.pushCutOffMs,
  };
  return new PushSender({
    ...parts,
    vapid,
    transport: createTransport({ policy: { allowLoopback }, timeoutMs }),
    limits,
  });
};
