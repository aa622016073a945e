/** Keeps the notifications page current. It has no socket, so it polls: the text of a deleted message must disappear here, too. */
import htmx from 'htmx.org';
import { NOTIFICATIONS_PATH } from '../../views/paths.ts';

const INTERVAL_MS = 15_000;

/** The markup of a page from its list to the end. */
const listIn = (markup: string): string => markup.slice(markup.indexOf('<section'));

/** Watches the list, if this page shows it, until the signal aborts. */
export const watchNotificationPage = (signal: AbortSignal): void => {
  if (location.pathname !== NOTIFICATIONS_PATH) return;
  let known: string | undefined;
  const refresh = async (): Promise<void> => {
    if (document.hidden) return;
    // Without an answer the list stays as it is.
    const answer = await fetch(NOTIFICATIONS_PATH, { signal }).catch(() => undefined);
    if (!answer?.ok) return;
    const list = listIn(await answer.text());
    if (known !== undefined && known !== list && !signal.aborted)
      void htmx.ajax('GET', NOTIFICATIONS_PATH, {
        target: '#notifications',
        select: '#notifications',
        swap: 'outerHTML',
        push: 'false',
      });
    known = list;
  };
  const timer = setInterval(refresh, INTERVAL_MS);
  signal.addEventListener('abort', () => clearInterval(timer));
  document.addEventListener('visibilitychange', refresh, { signal });
  void refresh();
};
