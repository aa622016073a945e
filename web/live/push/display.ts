/** What the service worker shows for a push. */
import { type Pushed as Opened, pathOf } from './opening.ts';

/** What the notification service pushes. */
export interface Pushed extends Opened {
  /** Of one that may be shown already. */
  readonly change?: 'corrected' | 'retracted';
}

export interface Shown {
  close(): void;
}

/** The worker's registration, as far as it shows notifications. */
export interface Display {
  showNotification(title: string, options: NotificationOptions): Promise<void>;
  getNotifications(filter: { tag: string }): Promise<readonly Shown[]>;
}

export interface Shows {
  /** Shows it; of a changed one, replaces what is shown, and shows nothing where the person has closed that. */
  show(pushed: Pushed): Promise<void>;
  close(id: string): Promise<void>;
}

/** A browser wants to see something for each push, so what was deleted is replaced, not closed. */
const RETRACTED = { title: 'Message deleted', body: '' };

/**
 * One after another: Chromium forgets a notification that is just being shown when the shown ones are listed at that moment. It stays on
 * the screen, but a click on it does nothing and nobody can close it any more.
 */
export const createShows = (display: Display): Shows => {
  let turn: Promise<void> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  };

  const isShown = async (tag: string): Promise<boolean> => (await display.getNotifications({ tag })).length > 0;

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
        await display.showNotification(title, options);
      }),
    close: (id) =>
      inTurn(async () => {
        for (const shown of await display.getNotifications({ tag: id })) shown.close();
      }),
  };
};
