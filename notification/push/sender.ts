/**
 * Pushes mentions to their users' browsers, behind the requests. Two lines: one looks up the notification and its user's subscriptions, the
 * other sends. A push is best effort, since the notification itself is stored: a failed or dropped push is counted and never retried.
 */
import { errorFields, type Log } from '@parley/kit/process/log';
import webPush from 'web-push';
import type { NotificationMetrics } from '../metrics.ts';
import type { Pusher } from '../notifications/pusher.ts';
import type { Notification } from '../notifications/rules.ts';
import type { NotificationStore } from '../notifications/store.ts';
import { createBreaker } from './breaker.ts';
import { type Job, PushLine } from './line.ts';
import { hostOf, type Outcome, outcomeOf, payloadOf, retractionOf, type Subscription, topicOf } from './rules.ts';
import type { SubscriptionStore } from './store.ts';
import { ForbiddenEndpoint, type Transport } from './transport.ts';
import type { VapidKeys } from './vapid.ts';

/** How long a push service keeps a push for a browser that is offline. */
const TTL_SECONDS = 86_400;
const LOOKUPS_AT_ONCE = 4;

export interface PushLimits {
  /** Pushes that are sent at the same time. */
  readonly concurrency: number;
  /** Pushes that wait: all, and those of one person. */
  readonly maxWaiting: number;
  readonly maxWaitingPerPerson: number;
  /** A push that has waited longer is dropped. */
  readonly maxWaitMs: number;
  /** How long a failing host gets no push, the first time. */
  readonly cutOffMs: number;
}

export interface PushSenderDeps {
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

/** Reads the payload just before it is sent. Undefined: the notification is gone, and nothing is sent. */
type ReadPayload = () => Promise<string | undefined>;

export class PushSender implements Pusher {
  readonly #deps: PushSenderDeps;
  readonly #lookups: PushLine;
  readonly #deliveries: PushLine;

  constructor(deps: PushSenderDeps) {
    this.#deps = deps;
    this.#lookups = openLookups(deps.limits);
    this.#deliveries = openDeliveries(deps.limits);
  }

  push(notification: Notification): void {
    const { notifications, clock } = this.#deps;
    const { id, notif_type } = notification;
    if (notif_type !== 'mention') return;
    const claim = async () => (await notifications.claimForPush(id, new Date(clock()))) !== undefined;
    this.#enqueue(notification, claim, this.#readCurrent(id));
  }

  correct(notification: Notification): void {
    this.#enqueue(notification, async () => true, this.#readCurrent(notification.id, 'corrected'));
  }

  retract(notification: Notification): void {
    this.#enqueue(
      notification,
      async () => true,
      async () => retractionOf(notification),
    );
  }

  /** Resolves when no push waits and none is being sent. */
  async idle(): Promise<void> {
    const lines = [this.#lookups, this.#deliveries];
    while (lines.some((line) => line.waiting > 0 || line.isRunning))
      await Promise.all(lines.map((line) => line.idle()));
  }

  /** Drops the waiting pushes, and every push from now on. */
  close(): void {
    this.#lookups.close();
    this.#deliveries.close();
  }

  /** @param prepare runs before the subscriptions are looked up; false: nothing is sent */
  #enqueue(about: Notification, prepare: () => Promise<boolean>, readPayload: ReadPayload): void {
    const { metrics, subscriptions } = this.#deps;
    const person = about.user_id;
    const lookUp = async (): Promise<boolean> => {
      try {
        const browsers = (await prepare()) ? await subscriptions.listOf(person) : [];
        for (const browser of browsers) this.#enqueueDelivery(browser, about, readPayload);
      } catch (error) {
        metrics.pushed.inc({ outcome: 'failed' });
        this.#warn(error, about);
      }
      return true;
    };
    this.#add(this.#lookups, { person, host: 'database', endpoint: person, run: lookUp });
  }

  #enqueueDelivery(browser: Subscription, about: Notification, readPayload: ReadPayload): void {
    const { endpoint } = browser;
    const run = () => this.#deliver(browser, about, readPayload);
    this.#add(this.#deliveries, { person: about.user_id, host: hostOf(endpoint), endpoint, run });
  }

  /** Reads the notification as it is when it is sent, so that a text deleted meanwhile never leaves. */
  #readCurrent(id: string, change?: 'corrected'): ReadPayload {
    return async () => {
      const current = await this.#deps.notifications.find(id);
      return current && payloadOf(current, change);
    };
  }

  /** @returns whether the push host answered */
  async #deliver(browser: Subscription, about: Notification, readPayload: ReadPayload): Promise<boolean> {
    const { metrics, subscriptions } = this.#deps;
    try {
      const payload = await readPayload();
      const outcome = payload === undefined ? 'moot' : await this.#send(browser, payload, topicOf(about));
      metrics.pushed.inc({ outcome });
      if (outcome === 'gone') await subscriptions.drop(browser.endpoint);
      return outcome !== 'failed';
    } catch (error) {
      // The database failed, not the push host: the breaker must not count it.
      this.#warn(error, about);
      return true;
    }
  }

  async #send(subscription: Subscription, payload: string, topic: string): Promise<Outcome> {
    const { vapid, transport, log } = this.#deps;
    try {
      return outcomeOf(await transport(encrypt(vapid, subscription, payload, topic)));
    } catch (error) {
      log.debug({ event: 'push_failed', ...errorFields(error) });
      return error instanceof ForbiddenEndpoint ? 'refused' : 'failed';
    }
  }

  #add(line: PushLine, { run, ...job }: Omit<Job, 'drop'>): void {
    const runCounted = () => {
      this.#countWaiting();
      return run();
    };
    const drop = (reason: string) => {
      this.#deps.metrics.pushDropped.inc({ reason });
      this.#countWaiting();
    };
    line.add({ ...job, run: runCounted, drop });
    this.#countWaiting();
  }

  #countWaiting(): void {
    this.#deps.metrics.pushWaiting.set(this.#lookups.waiting + this.#deliveries.waiting);
  }

  #warn(error: unknown, { id }: Notification): void {
    this.#deps.log.warn({ event: 'push_failed', notification_id: id, ...errorFields(error) });
  }
}

/** A fraction of all places, at least one. */
const share = (places: number, fraction: number): number => Math.max(1, Math.floor(places * fraction));

const openLookups = (limits: PushLimits): PushLine =>
  new PushLine({
    ...limits,
    places: LOOKUPS_AT_ONCE,
    placesPerPerson: 1,
    placesPerHost: LOOKUPS_AT_ONCE,
    placesUnproven: LOOKUPS_AT_ONCE,
  });

const openDeliveries = ({ concurrency, cutOffMs, ...limits }: PushLimits): PushLine =>
  new PushLine({
    ...limits,
    places: concurrency,
    placesPerPerson: share(concurrency, 1 / 8),
    placesPerHost: share(concurrency, 3 / 4),
    placesUnproven: share(concurrency, 1 / 2),
    breaker: createBreaker({ cutOffMs }),
  });

const encrypt = (vapid: VapidKeys, subscription: Subscription, payload: string, topic: string) => {
  const { endpoint, headers, body } = webPush.generateRequestDetails(subscription, payload, {
    vapidDetails: vapid,
    TTL: TTL_SECONDS,
    urgency: 'high',
    topic,
  });
  return { endpoint, headers, body };
};
