/** Signing out: asks before something is lost, ends this device's notifications, and removes what the browser kept of the person. */
import { confirm } from '../page/dialog.ts';
import type { Place } from '../page/room-context.ts';
import { endPush } from '../push/subscription.ts';
import type { Uploads } from '../sending/uploads.ts';
import { forget, keptKeys } from '../storage/keys.ts';
import { own, shared } from '../storage/store.ts';

const PUSH_TIMEOUT_MS = 2_000;

const counted = (count: number, what: string): string =>
  count === 0 ? '' : `${count} ${what}${count === 1 ? '' : 's'}`;

/** What would be lost, in words; empty for nothing. */
const losses = (userId: string, files: number): string =>
  [
    counted(keptKeys(shared, 'out', userId).length, 'unsent message'),
    counted(files, 'unsent file'),
    counted(keptKeys(shared, 'draft', userId).length, 'draft'),
  ]
    .filter(Boolean)
    .join(', ');

export const watchSignOut = ({ reader, signal }: Place, uploads: Uploads): void => {
  const form = document.querySelector<HTMLFormElement>('form[action="/sign-out"]');

  const leave = async (): Promise<void> => {
    const lost = losses(reader.id, uploads.count);
    if (lost && !(await confirm(`Signing out throws away what isn’t sent: ${lost}.`, 'Sign out'))) return;
    uploads.cancelAll();
    // Nobody is kept here by a push service that doesn't answer, or a browser without one.
    const pushEnded = endPush().catch(() => undefined);
    await Promise.race([pushEnded, new Promise((resolve) => setTimeout(resolve, PUSH_TIMEOUT_MS))]);
    for (const store of [shared, own]) forget(store, reader.id);
    form?.submit();
  };

  form?.addEventListener(
    'submit',
    (event) => {
      event.preventDefault();
      void leave();
    },
    { signal },
  );
};
