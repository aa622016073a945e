/** The service worker: shows what is pushed while no page is open, and opens the room it is about, at its message. */

import { createShows, type Display, type Pushed } from './push/display.ts';
import { open, type Tabs } from './push/opening.ts';

interface Worker {
  readonly registration: Display;
  readonly clients: Tabs;
  addEventListener(name: 'push', listener: (event: PushEventLike) => void): void;
  addEventListener(name: 'notificationclick', listener: (event: ClickEventLike) => void): void;
  addEventListener(name: 'message', listener: (event: MessageEventLike) => void): void;
}

interface Lasting {
  waitUntil(work: Promise<unknown>): void;
}

interface PushEventLike extends Lasting {
  readonly data: { json(): unknown } | null;
}

interface ClickEventLike extends Lasting {
  readonly notification: Notification;
}

/** From a page of ours: a notification that is gone. */
interface MessageEventLike extends Lasting {
  readonly data: { close?: string } | null;
}

const worker = globalThis as unknown as Worker;
const shows = createShows(worker.registration);

worker.addEventListener('push', (event) => {
  event.waitUntil(shows.show((event.data?.json() ?? {}) as Pushed));
});

worker.addEventListener('message', (event) => {
  if (event.data?.close) event.waitUntil(shows.close(event.data.close));
});

worker.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const { path } = event.notification.data as { path: string };
  event.waitUntil(open(worker.clients, path));
});
