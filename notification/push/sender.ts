/**
 * Pushes mentions to their users' browsers, behind the requests: a bounded queue, a bounded number at the same time, a time limit for
 * each. Pushing is best effort, the notification itself is stored: what doesn't fit or doesn't arrive is counted, not retried.
 */
import { errorFields, type Log } from '@parley/kit/log';
import webPush from 'web-push';
import type { NotificationMetrics } from '../metrics.ts';
import type { Notification } from '../notifications/notification.ts';
import { type Outcome, outcomeOf, payloadOf } from './rules.ts';
import type { SubscriptionStore } from './store.ts';
import type { Subscription } from './subscription.ts';
import { ForbiddenEndpoint, type Transport } from './transport.ts';
import type { VapidKeys } from './vapid.ts';

/** A push service keeps a mention this long for a browser that is offline. */
const TTL_SECONDS = 86_400;

export interface PushSender {
  /** Takes a notification to be pushed, if it is a mention and there is room for it. Never waits, never throws. */
  push(notification: Notification): void;
  /** Resolves when nothing waits and nothing is being sent. */
  idle(): Promise<void>;
  /** Takes no more, and drops what still waits. */
  close(): void;
}

export interface SenderParts {
  readonly vapid: VapidKeys;
  readonly subscriptions: Pick<SubscriptionStore, 'listOf' | 'drop'>;
  readonly transport: Transport;
  readonly queueLimit: number;
  readonly concurrency: number;
  readonly log: Log;
  readonly metrics: Pick<NotificationMetrics, 'pushed' | 'pushDropped' | 'pushWaiting'>;
}

export const createPushSender = (parts: SenderParts): PushSender => {
  const { vapid, subscriptions, transport, queueLimit, concurrency, log, metrics } = parts;
  const waiting: Notification[] = [];
  const working = new Set<Promise<void>>();
  let isClosed = false;

  const attempt = async (subscription: Subscription, payload: string): Promise<Outcome> => {
    try {
      return outcomeOf(await transport(encrypt(vapid, subscription, payload)));
    } catch (error) {
      log.debug({ event: 'push_failed', ...errorFields(error) });
      return error instanceof ForbiddenEndpoint ? 'refused' : 'failed';
    }
  };

  const deliver = async (subscription: Subscription, payload: string): Promise<void> => {
    const outcome = await attempt(subscription, payload);
    metrics.pushed.inc({ outcome });
    if (outcome === 'gone') await subscriptions.drop(subscription.endpoint);
  };

  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      metrics.pushWaiting.set(waiting.length);
      const payload = payloadOf(next);
      try {
        const browsers = await subscriptions.listOf(next.user_id);
        await Promise.all(browsers.map((browser) => deliver(browser, payload)));
      } catch (error) {
        metrics.pushed.inc({ outcome: 'failed' });
        log.warn({ event: 'push_failed', notification_id: next.id, ...errorFields(error) });
      }
    }
  };

  return {
    push: (notification) => {
      if (notification.notif_type !== 'mention') return;
      if (isClosed || waiting.length >= queueLimit) return metrics.pushDropped.inc();
      waiting.push(notification);
      metrics.pushWaiting.set(waiting.length);
      if (working.size >= concurrency) return;
      const worker = work().finally(() => working.delete(worker));
      working.add(worker);
    },
    idle: async () => {
      while (working.size > 0) await Promise.all(working);
    },
    close: () => {
      isClosed = true;
      metrics.pushDropped.inc(waiting.length);
      waiting.length = 0;
    },
  };
};

const encrypt = (vapid: VapidKeys, subscription: Subscription, payload: string) => {
  const { endpoint, headers, body } = webPush.generateRequestDetails(subscription, payload, {
    vapidDetails: vapid,
    TTL: TTL_SECONDS,
    urgency: 'high',
  });
  return { endpoint, headers, body };
};
