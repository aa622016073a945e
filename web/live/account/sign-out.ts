/** Signing out: confirms the loss of unsent texts and files, ends push on this device, and removes what the browser stored for the user. */
import { SIGN_OUT_PATH } from '../../views/paths.ts';
import { confirm } from '../page/dialog.ts';
import type { RoomContext } from '../page/room-context.ts';
import { endPush } from '../push/subscription.ts';
import type { Uploads } from '../sending/uploads.ts';
import { keysOf, removeAll } from '../storage/keys.ts';
import { ownStore, sharedStore } from '../storage/store.ts';

/** A push service that doesn't answer must not keep anyone signed in. */
const PUSH_TIMEOUT_MS = 2_000;

export interface SignOutDeps {
  readonly context: RoomContext;
  readonly uploads: Uploads;
}

const counted = (count: number, what: string): string =>
  count === 0 ? '' : `${count} ${what}${count === 1 ? '' : 's'}`;

/** What would be lost, as a text; empty for nothing. */
const losses = (userId: string, files: number): string =>
  [
    counted(keysOf(sharedStore, 'out', userId).length, 'unsent message'),
    counted(files, 'unsent file'),
    counted(keysOf(sharedStore, 'draft', userId).length, 'draft'),
  ]
    .filter(Boolean)
    .join(', ');

export const watchSignOut = ({ context, uploads }: SignOutDeps): void => {
  const { reader, signal } = context;
  const form = document.querySelector<HTMLFormElement>(`form[action="${SIGN_OUT_PATH}"]`);

  const signOut = async (): Promise<void> => {
    const lost = losses(reader.id, uploads.count);
    if (lost && !(await confirm(`Signing out throws away what isn’t sent: ${lost}.`, 'Sign out'))) return;
    uploads.cancelAll();
    const pushEnded = endPush().catch(() => undefined);
    await Promise.race([pushEnded, new Promise((resolve) => setTimeout(resolve, PUSH_TIMEOUT_MS))]);
    for (const store of [sharedStore, ownStore]) removeAll(store, reader.id);
    form?.submit();
  };

  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    void signOut();
  };
  form?.addEventListener('submit', onSubmit, { signal });
};
