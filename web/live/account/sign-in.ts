/** All tabs of a browser share a session: when one tab shows the sign-in page, the others reload, and get it, too. */
import { SIGN_IN_PATH } from '../../views/paths.ts';

const CHANNEL = 'parley:sign-in';

/** Notifies the other tabs if this page is the sign-in page. */
export const announceSignIn = (): void => {
  if (!document.querySelector(`form[action="${SIGN_IN_PATH}"]`)) return;
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage('shown');
  channel.close();
};

/** Reloads when another tab shows the sign-in page. Unsent text stays as a draft. */
export const reloadOnSignIn = (signal: AbortSignal): void => {
  const channel = new BroadcastChannel(CHANNEL);
  channel.addEventListener('message', () => location.reload());
  signal.addEventListener('abort', () => channel.close());
};
