/** The service worker: shows what is pushed while no page is open, and opens the room it is about. */

/** What the notification service pushes. */
interface Pushed {
  readonly id?: string;
  readonly title?: string;
  readonly body?: string;
  readonly room_id?: string | null;
}

interface Worker {
  readonly registration: ServiceWorkerRegistration;
  readonly clients: {
    matchAll(options: { type: 'window' }): Promise<readonly { url: string; focus(): Promise<unknown> }[]>;
    openWindow(url: string): Promise<unknown>;
  };
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

const pathOf = (roomId: string | null | undefined): string => (roomId ? `/rooms/${encodeURIComponent(roomId)}` : '/');

worker.addEventListener('push', (event) => {
  const { title, body, room_id, id } = (event.data?.json() ?? {}) as Pushed;
  const options = { body: body ?? '', tag: id ?? '', icon: '/favicon.svg', data: { path: pathOf(room_id) } };
  event.waitUntil(worker.registration.showNotification(title ?? 'Parley', options));
});

const show = async (path: string): Promise<void> => {
  const open = await worker.clients.matchAll({ type: 'window' });
  const there = open.find(({ url }) => new URL(url).pathname === path);
  await (there ? there.focus() : worker.clients.openWindow(path));
};

worker.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const { path } = event.notification.data as { path: string };
  event.waitUntil(show(path));
});
