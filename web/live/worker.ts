/** The service worker: shows pushed notifications, and opens the message of a notification that is pressed. */

import { createNotificationDisplay, type Pushed, type Registration } from './push/display.ts';
import { open, type Tabs } from './push/opening.ts';

interface Worker {
  readonly registration: Registration;
  readonly clients: Tabs;
  addEventListener(name: 'push', listener: (event: PushEventLike) => void): void;
  addEventListener(name: 'notificationclick', listener: (event: ClickEventLike) => void): void;
  addEventListener(name: 'message', listener: (event: MessageEventLike) => void): void;
}

interface ExtendableEventLike {
  waitUntil(work: Promise<unknown>): void;
}

interface PushEventLike extends ExtendableEventLike {
  readonly data: { json(): unknown } | null;
}

interface ClickEventLike extends ExtendableEventLike {
  readonly notification: Notification;
}

/** From a page: the id of a removed notification. */
interface MessageEventLike extends ExtendableEventLike {
  readonly data: { close?: string } | null;
}

const worker = globalThis as unknown as Worker;
const display = createNotificationDisplay(worker.registration);

worker.addEventListener('push', (event) => {
  event.waitUntil(display.show((event.data?.json() ?? {}) as Pushed));
});

worker.addEventListener('message', (event) => {
  if (event.data?.close) event.waitUntil(display.close(event.data.close));
});

worker.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const { path } = event.notification.data as { path: string };
  event.waitUntil(open(worker.clients, path));
});
