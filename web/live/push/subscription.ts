/** Notifications on this device while no page is open: asked for by a button, never by itself. */
import { getPushKey, subscribeToPush, unsubscribeFromPush } from '@parley/client/api/notification';
import { endpoint } from '@parley/client/endpoint';
import { toast } from '../page/announce.ts';
import { callWeb, inWords } from '../page/api.ts';
import { workerAddress } from '../page/markup.ts';

const bytesOf = (key: string): Uint8Array<ArrayBuffer> => {
  const base64 = key.replaceAll('-', '+').replaceAll('_', '/');
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
};

/** Web has these as the notification service does, and adds who is signed in. */
const subscribeReader = endpoint<PushSubscriptionJSON, unknown>(subscribeToPush);
const unsubscribeReader = endpoint<Pick<PushSubscription, 'endpoint'>, unknown>(unsubscribeFromPush);

/** It is for whoever is signed in from now on. */
const save = (subscription: PushSubscription): Promise<unknown> => callWeb(subscribeReader, subscription.toJSON());

const readKey = async (): Promise<string> => (await callWeb(getPushKey, {})).public_key;

const subscriptionHere = async (): Promise<
  { worker: ServiceWorkerRegistration; made: PushSubscription } | undefined
> => {
  const worker = await navigator.serviceWorker?.getRegistration();
  const made = await worker?.pushManager?.getSubscription();
  return worker && made ? { worker, made } : undefined;
};

const subscribe = async (worker: ServiceWorkerRegistration, key: string): Promise<void> => {
  const subscription = await worker.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: bytesOf(key),
  });
  await save(subscription);
};

/** Whether the operator's key is still the one that it was made for: a push service takes nothing that is signed by another. */
const isFor = ({ options }: PushSubscription, key: string): boolean => {
  const made = options.applicationServerKey;
  return made !== null && bytesOf(key).toString() === new Uint8Array(made).toString();
};

/** At the service and at the browser: either alone ends it, too. */
const ends = (subscription: PushSubscription): Promise<unknown>[] => [
  callWeb(unsubscribeReader, { endpoint: subscription.endpoint }),
  subscription.unsubscribe(),
];

/** A notification is gone: so is what the device shows of it. By the worker, which shows and closes in turn. */
export const closeShown = async (notificationId: string): Promise<void> => {
  const registration = await navigator.serviceWorker?.getRegistration();
  registration?.active?.postMessage({ close: notificationId });
};

/** Ends when what the page does of itself at its beginning is done, so that nothing undoes what is wanted after it. */
let keeping: Promise<unknown> | undefined;

/** At signing out: whoever has the device next must read nothing that is for somebody else. As far as it can be, and without a word. */
export const endPush = async (): Promise<void> => {
  const worker = await navigator.serviceWorker?.getRegistration();
  for (const shown of (await worker?.getNotifications()) ?? []) shown.close();
  await keeping;
  const here = await subscriptionHere();
  if (here) await Promise.allSettled(ends(here.made));
};

const keep = async (): Promise<void> => {
  const here = await subscriptionHere();
  if (!here) return;
  const key = await readKey();
  if (isFor(here.made, key)) return void (await save(here.made));
  await Promise.allSettled(ends(here.made));
  await subscribe(here.worker, key);
};

/**
 * The browser's side outlives ours: the session that it was made in is over, ten newer devices came, or the operator has other keys. The
 * device gets what is for whoever is signed in now. Nothing is asked where there is no subscription. Once a load is enough; what fails,
 * the next one tries.
 */
export const keepPush = (): void => {
  keeping ??= keep().catch(() => undefined);
};

/** Makes the button say what it would do, and do it. It stays hidden where the browser or the server can't. */
export const offerPush = async (button: HTMLElement): Promise<void> => {
  if (!('serviceWorker' in navigator) || !('PushManager' in window)) return;
  await keeping;
  // Without a key, or an answer, there is nothing to offer.
  const key = await readKey().catch(() => undefined);
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
      else await subscribe(worker, key);
      toast(current ? 'This device gets no more notifications' : 'You will be notified on this device');
      await show();
    } catch (error) {
      toast(inWords(error));
    }
  });
  await show();
};
