/** Push notifications of this device, for when no page is open. The reader turns them on and off by a button. */
import { getPushKey, subscribeToPush, unsubscribeFromPush } from '@parley/client/api/notification';
import { endpoint } from '@parley/client/endpoint';
import type { Takes } from '../connection/frames.ts';
import { toast } from '../page/announce.ts';
import { callWeb, inWords } from '../page/api.ts';
import { workerAddress } from '../page/markup.ts';

const bytesOf = (key: string): Uint8Array<ArrayBuffer> => {
  const base64 = key.replaceAll('-', '+').replaceAll('_', '/');
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
};

/** Web serves these endpoints of the notification service, and adds the signed-in user. */
const subscribeReader = endpoint<PushSubscriptionJSON, unknown>(subscribeToPush);
const unsubscribeReader = endpoint<Pick<PushSubscription, 'endpoint'>, unknown>(unsubscribeFromPush);

/** Registers the subscription for the signed-in user, also if it was another's before. */
const save = (subscription: PushSubscription): Promise<unknown> => callWeb(subscribeReader, subscription.toJSON());

const fetchKey = async (): Promise<string> => (await callWeb(getPushKey, {})).public_key;

interface Subscribed {
  readonly worker: ServiceWorkerRegistration;
  readonly subscription: PushSubscription;
}

const currentSubscription = async (): Promise<Subscribed | undefined> => {
  const worker = await navigator.serviceWorker?.getRegistration();
  const subscription = await worker?.pushManager?.getSubscription();
  return worker && subscription ? { worker, subscription } : undefined;
};

const subscribe = async (worker: ServiceWorkerRegistration, key: string): Promise<void> => {
  const subscription = await worker.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: bytesOf(key),
  });
  await save(subscription);
};

/** Whether a subscription was made for the operator's current key. Push services reject what another key has signed. */
const isFor = ({ options }: PushSubscription, key: string): boolean => {
  const usedKey = options.applicationServerKey;
  return usedKey !== null && bytesOf(key).toString() === new Uint8Array(usedKey).toString();
};

/** Ends a subscription at the service and in the browser. Either alone is enough to stop the notifications. */
const unsubscribe = (subscription: PushSubscription): Promise<unknown>[] => [
  callWeb(unsubscribeReader, { endpoint: subscription.endpoint }),
  subscription.unsubscribe(),
];

/** Closes a removed notification on the device. The worker does it, in turn with the notifications that it shows. */
const closeShown = async (notificationId: string): Promise<void> => {
  const registration = await navigator.serviceWorker?.getRegistration();
  registration?.active?.postMessage({ close: notificationId });
};

export const pushFrames: Takes<'notification_removed'> = { notification_removed: ({ id }) => void closeShown(id) };

/** Resolves when the subscription is renewed. What the reader does must wait for it, or the renewal could undo it. */
let renewal: Promise<unknown> | undefined;

/** On sign-out, closes the notifications that this device shows and ends its subscription, so that the next user reads neither. */
export const endPush = async (): Promise<void> => {
  const worker = await navigator.serviceWorker?.getRegistration();
  for (const shown of (await worker?.getNotifications()) ?? []) shown.close();
  await renewal;
  const current = await currentSubscription();
  if (current) await Promise.allSettled(unsubscribe(current.subscription));
};

const renew = async (): Promise<void> => {
  const current = await currentSubscription();
  if (!current) return;
  const { worker, subscription } = current;
  const key = await fetchKey();
  if (isFor(subscription, key)) return void (await save(subscription));
  await Promise.allSettled(unsubscribe(subscription));
  await subscribe(worker, key);
};

/**
 * Registers this device's subscription anew, once per load of the page. The service may have dropped it: the session ended, ten newer
 * devices subscribed, or the operator changed the keys. Without a subscription nothing happens. A failure is left to the next load.
 */
export const renewPush = (): void => {
  renewal ??= renew().catch(() => undefined);
};

/** Shows the button that turns notifications on or off. It stays hidden where the browser or the server doesn't support them. */
export const offerPush = async (button: HTMLElement): Promise<void> => {
  if (!('serviceWorker' in navigator) || !('PushManager' in window)) return;
  await renewal;
  const key = await fetchKey().catch(() => undefined);
  if (!key) return;
  const worker = await navigator.serviceWorker.register(workerAddress());
  const show = async (): Promise<void> => {
    const isOn = (await worker.pushManager.getSubscription()) !== null;
    button.textContent = isOn ? 'Stop notifying me on this device' : 'Notify me on this device';
    button.hidden = false;
  };
  const toggle = async (): Promise<void> => {
    try {
      const current = await worker.pushManager.getSubscription();
      if (current) await Promise.all(unsubscribe(current));
      else await subscribe(worker, key);
      toast(current ? 'This device gets no more notifications' : 'You will be notified on this device');
      await show();
    } catch (error) {
      toast(inWords(error));
    }
  };
  button.addEventListener('click', () => void toggle());
  await show();
};
