/** Notifications on this device while no page is open: asked for by a button, never by itself. */
import { toast } from './announce.ts';
import { call, inWords } from './api.ts';
import { workerAddress } from './trust.ts';

const bytesOf = (key: string): Uint8Array<ArrayBuffer> => {
  const base64 = key.replaceAll('-', '+').replaceAll('_', '/');
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
};

/** It is for whoever is signed in from now on. */
const save = (subscription: PushSubscription): Promise<unknown> =>
  call('/push/subscriptions', 'POST', subscription.toJSON());

const subscribe = async (worker: ServiceWorkerRegistration, key: string): Promise<void> => {
  const subscription = await worker.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: bytesOf(key),
  });
  await save(subscription);
};

/** At the service and at the browser: either alone ends it, too. */
const ends = (subscription: PushSubscription): Promise<unknown>[] => [
  call('/push/subscriptions', 'DELETE', { endpoint: subscription.endpoint }),
  subscription.unsubscribe(),
];

/** At signing out: whoever has the device next must read nothing that is for somebody else. As far as it can be, and without a word. */
export const endPush = async (): Promise<void> => {
  const worker = await navigator.serviceWorker?.getRegistration();
  for (const shown of (await worker?.getNotifications()) ?? []) shown.close();
  const subscription = await worker?.pushManager?.getSubscription();
  if (subscription) await Promise.allSettled(ends(subscription));
};

/** Makes the button say what it would do, and do it. It stays hidden where the browser or the server can't. */
export const offerPush = async (button: HTMLElement): Promise<void> => {
  if (!('serviceWorker' in navigator) || !('PushManager' in window)) return;
  // Without a key, or an answer, there is nothing to offer.
  const key = await call<{ public_key: string }>('/push/key').catch(() => undefined);
  if (!key) return;
  const worker = await navigator.serviceWorker.register(workerAddress());
  const show = async (): Promise<void> => {
    const isOn = (await worker.pushManager.getSubscription()) !== null;
    button.textContent = isOn ? 'Stop notifying me on this device' : 'Notify me on this device';
    button.hidden = false;
  };
  button.addEventListener('click', async () => {
    try {
      const current = await worker.pushManager.getSubscription();
      if (current) await Promise.all(ends(current));
      else await subscribe(worker, key.public_key);
      toast(current ? 'This device gets no more notifications' : 'You will be notified on this device');
      await show();
    } catch (error) {
      toast(inWords(error));
    }
  });
  // The browser's side outlives ours: the session that it was made in is over, or ten newer devices came. What the button says shall hold.
  const known = await worker.pushManager.getSubscription();
  // Not told now, it is told by the next page that offers it.
  if (known) await save(known).catch(() => undefined);
  await show();
};
