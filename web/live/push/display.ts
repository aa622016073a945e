/** How the service worker shows, replaces and closes notifications on the device. */
import { type PushTarget, pathOf } from './opening.ts';

/** The payload that the notification service pushes. */
export interface Pushed extends PushTarget {
  readonly title?: string;
  readonly body?: string;
  /** Set if this payload changes an earlier one, because the message was edited or deleted. */
  readonly change?: 'corrected' | 'retracted';
}

export interface Shown {
  close(): void;
}

/** The methods of the worker's registration that show notifications. */
export interface Registration {
  showNotification(title: string, options: NotificationOptions): Promise<void>;
  getNotifications(filter: { tag: string }): Promise<readonly Shown[]>;
}

export interface NotificationDisplay {
  /** Shows a notification. A change replaces the shown one; if the user has closed that, nothing is shown. */
  show(pushed: Pushed): Promise<void>;
  close(id: string): Promise<void>;
}

/** Browsers require a visible notification for each push, so a deleted message's notification is replaced, not closed. */
const RETRACTED = { title: 'Message deleted', body: '' };

/**
 * Runs one operation at a time. If notifications are listed while Chromium is showing another, it loses that one: it stays on the screen,
 * but a click on it does nothing and it can't be closed.
 */
export const createNotificationDisplay = (registration: Registration): NotificationDisplay => {
  let turn: Promise<void> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  };

  const isShown = async (tag: string): Promise<boolean> => (await registration.getNotifications({ tag })).length > 0;

  return {
    show: (pushed) =>
      inTurn(async () => {
        const { change, id = '' } = pushed;
        if (change && !(await isShown(id))) return;
        const { title = 'Parley', body = '' } = change === 'retracted' ? RETRACTED : pushed;
        const options = {
          body,
          tag: id,
          icon: '/favicon.svg',
          data: { path: pathOf(pushed) },
          silent: change !== undefined,
        };
        await registration.showNotification(title, options);
      }),
    close: (id) =>
      inTurn(async () => {
        for (const shown of await registration.getNotifications({ tag: id })) shown.close();
      }),
  };
};
