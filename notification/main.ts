/** The notification service as a process: reads the configuration, opens the stores, listens. */
import { openBus } from '@parley/kit/bus';
import type { Environment } from '@parley/kit/config';
import { openDatabase } from '@parley/kit/database';
import { createHealth } from '@parley/kit/health';
import { createIdentity } from '@parley/kit/identity';
import { createLog } from '@parley/kit/log';
import { createMetrics } from '@parley/kit/metrics';
import { type RunningService, runProcess, startService } from '@parley/kit/run';
import { createNotification } from './app.ts';
import { type NotificationConfig, readConfig } from './config.ts';
import { migrations } from './db/migrations/index.ts';
import { createNotificationMetrics } from './metrics.ts';
import { createAnnouncer } from './notifications/announcer.ts';
import { createNotificationStore } from './notifications/store.ts';
import { createPushSender, type SenderParts } from './push/sender.ts';
import { createSubscriptionStore } from './push/store.ts';
import { createTransport } from './push/transport.ts';
import { createRetention } from './retention.ts';

const NAME = 'notification';

/**
 * @param clock ms since 1970
 * @throws {ConfigError | PortTaken}
 */
export const startNotification = (env: Environment, clock: () => number = Date.now): RunningService => {
  const config = readConfig(env);
  const log = createLog(NAME, config.logLevel);
  const metrics = createMetrics(NAME);
  const counted = createNotificationMetrics(metrics.registry);
  const database = openDatabase({ url: config.databaseUrl, log, poolSize: config.databasePoolSize });
  const bus = openBus(config.redisUrl, log);
  const identity = createIdentity(config.authSecret);
  const store = createNotificationStore(database);
  const subscriptions = createSubscriptionStore(database);
  const announcer = createAnnouncer({ bus, store, log, metrics: counted });
  const policy = { allowLoopback: config.pushAllowLoopback };
  const push = openPush(config, { subscriptions, log, metrics: counted });
  const { retentionDays, retentionIntervalMs: intervalMs } = config;
  const retention = createRetention({ store, clock, retentionDays, intervalMs, log, metrics: counted });
  const health = createHealth({
    database: () => database.probe(),
    redis: () => (bus.isConnected ? 'connected' : 'unavailable'),
    push: () => (push ? 'enabled' : 'push_disabled'),
  });
  warnOfOpenness(config, log);

  return startService({
    name: NAME,
    app: createNotification({
      platform: { log, health, metrics, corsOrigin: config.corsOrigin },
      ...{ store, announcer, push, identity, clock, metrics: counted },
      ...{ publicKey: config.vapid?.publicKey, policy, subscriptions },
    }),
    log,
    health,
    host: config.host,
    port: config.port,
    shutdownTimeoutMs: config.shutdownTimeoutMs,
    prepare: async () => {
      await database.migrate(NAME, migrations);
      retention.start();
    },
    drain: async () => {
      await Promise.all([announcer.idle(), push?.idle()]);
    },
    close: async () => {
      push?.close();
      await retention.close();
      await Promise.all([database.close(), bus.close()]);
    },
  });
};

const openPush = (config: NotificationConfig, parts: Pick<SenderParts, 'subscriptions' | 'log' | 'metrics'>) => {
  const { vapid, pushAllowLoopback: allowLoopback, pushTimeoutMs: timeoutMs } = config;
  if (!vapid) return undefined;
  const transport = createTransport({ policy: { allowLoopback }, timeoutMs });
  return createPushSender({
    ...parts,
    vapid,
    transport,
    queueLimit: config.pushQueueLimit,
    concurrency: config.pushConcurrency,
  });
};

const warnOfOpenness = (config: NotificationConfig, log: ReturnType<typeof createLog>) => {
  if (!config.authSecret)
    log.warn({ event: 'open_identity', detail: 'AUTH_SECRET is not set: anyone may act as anyone' });
  if (!config.vapid) log.warn({ event: 'push_disabled', detail: 'VAPID_PUBLIC_KEY and VAPID_PRIVATE_KEY are not set' });
};

if (import.meta.main) await runProcess(startNotification);
