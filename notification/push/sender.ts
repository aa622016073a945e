/**
 * Pushes mentions to their users' browsers, behind the requests, in fair lines: one looks up what is there and for which browsers, the
 * other sends. Pushing is best effort, the notification itself is stored: what doesn't fit or doesn't arrive is counted, not retried.
 */
import { errorFields, type Log } from '@parley/kit/process/log';
import webPush from 'web-push';
import type { NotificationMetrics } from '../metrics.ts';
import type { Pusher } from '../notifications/pusher.ts';
import type { Notification } from '../notifications/rules.ts';
import type { NotificationStore } from '../notifications/store.ts';
import { createBreaker } from './breaker.ts';
import { createLine, type Job, type Line } from './line.ts';
import { hostOf, type Outcome, outcomeOf, payloadOf, retractionOf, type Subscription, topicOf } from './rules.ts';
import type { SubscriptionStore } from './store.ts';
import { ForbiddenEndpoint, type Transport } from './transport.ts';
import type { VapidKeys } from './vapid.ts';

/** A push service keeps a mention this long for a browser that is offline. */
const TTL_SECONDS = 86_400;
const LOOKUPS_AT_ONCE = 4;

export interface PushSender extends Pusher {
  /** Resolves when nothing waits and nothing is being sent. */
  idle(): Promise<void>;
  /** Takes no more, and drops what still waits. */
  close(): void;
}

export interface PushLimits {
  /** Pushes that are sent at the same time. */
  readonly concurrency: number;
  /** Pushes that wait: of all, and of one person. */
  readonly queue: number;
  readonly queuePerPerson: number;
  /** How long one may wait. */
  readonly budgetMs: number;
  /** How long a host that fails gets nothing, the first time. */
  readonly cutOffMs: number;
}

export interface SenderParts {
  readonly vapid: VapidKeys;
  readonly notifications: Pick<NotificationStore, 'claimForPush' | 'find'>;
  readonly subscriptions: Pick<SubscriptionStore, 'listOf' | 'drop'>;
  readonly transport: Transport;
  readonly limits: PushLimits;
  /** Ms since 1970. */
  readonly clock: () => number;
  readonly log: Log;
  readonly metrics: Pick<NotificationMetrics, 'pushed' | 'pushDropped' | 'pushWaiting'>;
}

/** Reads what is to be pushed, when its turn has come. `undefined`: nothing any more. */
type ReadPayload = () => Promise<string | undefined>;

export const createPushSender = (parts: SenderParts): PushSender => {
  const { vapid, notifications, subscriptions, transport, clock, log, metrics } = parts;
  const { lookups, deliveries } = createLines(parts.limits);

  const countWaiting = () => metrics.pushWaiting.set(lookups.waiting + deliveries.waiting);
  const drop = (reason: string) => {
    metrics.pushDropped.inc({ reason });
    countWaiting();
  };
  const add = (line: Line, { run, ...job }: Omit<Job, 'drop'>) => {
    const runCounted = () => {
      countWaiting();
      return run();
    };
    line.add({ ...job, run: runCounted, drop });
    countWaiting();
  };
  const warn = (error: unknown, { id }: Notification) =>
    log.warn({ event: 'push_failed', notification_id: id, ...errorFields(error) });

  const attempt = async (subscription: Subscription, payload: string, topic: string): Promise<Outcome> => {
    try {
      return outcomeOf(await transport(encrypt(vapid, subscription, payload, topic)));
    } catch (error) {
      log.debug({ event: 'push_failed', ...errorFields(error) });
      return error instanceof ForbiddenEndpoint ? 'refused' : 'failed';
    }
  };

  const deliver = async (browser: Subscription, about: Notification, readPayload: ReadPayload): Promise<boolean> => {
    try {
      const payload = await readPayload();
      const outcome = payload === undefined ? 'moot' : await attempt(browser, payload, topicOf(about));
      metrics.pushed.inc({ outcome });
      if (outcome === 'gone') await subscriptions.drop(browser.endpoint);
      return outcome !== 'failed';
    } catch (error) {
      // The database is away, which says nothing of the push host.
      warn(error, about);
      return true;
    }
  };

  const enqueue = (about: Notification, prepare: () => Promise<boolean>, readPayload: ReadPayload): void => {
    const person = about.user_id;
    const lookUp = async (): Promise<boolean> => {
      try {
        const browsers = (await prepare()) ? await subscriptions.listOf(person) : [];
        for (const browser of browsers) {
          const run = () => deliver(browser, about, readPayload);
          add(deliveries, { person, host: hostOf(browser.endpoint), endpoint: browser.endpoint, run });
        }
      } catch (error) {
        metrics.pushed.inc({ outcome: 'failed' });
        warn(error, about);
      }
      return true;
    };
    add(lookups, { person, host: 'database', endpoint: person, run: lookUp });
  };

  /** As it is when it is sent: nothing that was deleted meanwhile leaves. */
  const readCurrent = (id: string, change?: 'corrected') => async () => {
    const current = await notifications.find(id);
    return current && payloadOf(current, change);
  };

  return {
    push: (notification) => {
      const { id, notif_type } = notification;
      if (notif_type !== 'mention') return;
      const claim = async () => (await notifications.claimForPush(id, new Date(clock()))) !== undefined;
      enqueue(notification, claim, readCurrent(id));
    },
    correct: (notification) => enqueue(notification, async () => true, readCurrent(notification.id, 'corrected')),
    retract: (notification) =>
      enqueue(
        notification,
        async () => true,
        async () => retractionOf(notification),
      ),
    idle: async () => {
      while (lookups.waiting + deliveries.waiting > 0 || lookups.isRunning || deliveries.isRunning)
        await Promise.all([lookups.idle(), deliveries.idle()]);
    },
    close: () => {
      lookups.close();
      deliveries.close();
    },
  };
};

/** Shares of all slots, each at least one. */
const share = (slots: number, part: number): number => Math.max(1, Math.floor(slots * part));

const createLines = ({ concurrency, queue, queuePerPerson, budgetMs, cutOffMs }: PushLimits) => {
  const waiting = { limit: queue, limitPerPerson: queuePerPerson, budgetMs };
  return {
    lookups: createLine({
      ...waiting,
      slots: LOOKUPS_AT_ONCE,
      slotsPerPerson: 1,
      slotsPerHost: LOOKUPS_AT_ONCE,
      slotsUnproven: LOOKUPS_AT_ONCE,
    }),
    deliveries: createLine({
      ...waiting,
      slots: concurrency,
      slotsPerPerson: share(concurrency, 1 / 8),
      slotsPerHost: share(concurrency, 3 / 4),
      slotsUnproven: share(concurrency, 1 / 2),
      breaker: createBreaker({ cutOffMs }),
    }),
  };
};

const encrypt = (vapid: VapidKeys, subscription: Subscription, payload: string, topic: string) => {
  const { endpoint, headers, body } = webPush.generateRequestDetails(subscription, payload, {
    vapidDetails: vapid,
    TTL: TTL_SECONDS,
    urgency: 'high',
    topic,
  });
  return { endpoint, headers, body };
};
