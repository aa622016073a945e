/** The title and the icon of the browser tab, which show whether something is unread. */
import { roomTitle } from '../../views/title.ts';
import { findElement } from '../page/elements.ts';
import type { RoomContext } from '../page/room-context.ts';

const PLAIN_ICON = '/favicon.svg';
const UNREAD_ICON = '/favicon-unread.svg';

export interface UnreadCounts {
  /** Messages that arrived in the open room while the page was not watched. */
  readonly unseen: number;
  /** Unread messages in other rooms. */
  readonly elsewhere: number;
  readonly notifications: number;
}

export interface TabTitle {
  /** Shows the counts; those that are left out stay as they are. */
  show(changed: Partial<UnreadCounts>): void;
}

const setIcon = (path: string): void => {
  const link = findElement('favicon');
  if (link?.getAttribute('href') !== path) link?.setAttribute('href', path);
};

export const createTabTitle = ({ roomName, signal }: RoomContext): TabTitle => {
  let counts: UnreadCounts = { unseen: 0, elsewhere: 0, notifications: 0 };

  const render = (): void => {
    const messages = counts.unseen + counts.elsewhere;
    // The heading, because the name may have been loaded after the page.
    const title = roomTitle(document.querySelector('.room-title bdi')?.textContent ?? roomName);
    document.title = messages > 0 ? `(${messages}) ${title}` : title;
    setIcon(messages + counts.notifications > 0 ? UNREAD_ICON : PLAIN_ICON);
  };

  // After a swap htmx sets the title of the page that it has fetched, also for the panel.
  document.addEventListener('htmx:finally:swap', render, { signal });
  signal.addEventListener('abort', () => setIcon(PLAIN_ICON));
  return {
    show: (changed) => {
      counts = { ...counts, ...changed };
      render();
    },
  };
};
