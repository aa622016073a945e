/** The service worker: shows what is pushed while no page is open, and opens the room it is about, at its message. */
import { open, type Pushed, pathOf, type Tabs } from './opening.ts';

interface Worker {
  readonly registration: ServiceWorkerRegistration;
  readonly clients: Tabs;
  addEventListener(name: 'push', listener: (event: PushEventLike) => void): void;
  addEventListener(name: 'notificationclick', listener: (event: ClickEventLike) => void): void;
}

interface PushEventLike {
  readonly data: { json(): unknown } | null;
  waitUntil(work: Promise<unknown>): void;
}

interface ClickEventLike {
  readonly notification: Notification;
  waitUntil(work: Promise<unknown>): void;
}

const worker = globalThis as unknown as Worker;

worker.addEventListener('push', (event) => {
  const pushed = (event.data?.json() ?? {}) as Pushed;
  const { title = 'Parley', body = '', id = '' } = pushed;
  const options = { body, tag: id, icon: '/favicon.svg', data: { path: pathOf(pushed) } };
  event.waitUntil(worker.registration.showNotification(title, options));
});

worker.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const { path } = event.notification.data as { path: string };
  event.waitUntil(open(worker.clients, path));
});
