/** The notifications' page, which has no socket: it asks whether its list has changed, so that a text that was deleted goes from it, too. */
import htmx from 'htmx.org';
import { NOTIFICATIONS_PATH } from '../../views/paths.ts';

const INTERVAL_MS = 15_000;

/** The list within the markup of a page, and what follows it. */
const listIn = (markup: string): string => markup.slice(markup.indexOf('<section'));

/** Watches the list, if this page shows it, until the signal aborts. */
export const watchNotificationPage = (signal: AbortSignal): void => {
  if (location.pathname !== NOTIFICATIONS_PATH) return;
  let known: string | undefined;
  const look = async (): Promise<void> => {
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
  const timer = setInterval(look, INTERVAL_MS);
  signal.addEventListener('abort', () => clearInterval(timer));
  document.addEventListener('visibilitychange', look, { signal });
  void look();
};
