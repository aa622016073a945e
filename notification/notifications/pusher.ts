/** The port to Web Push, for the routes that create, change and remove notifications. `push/sender.ts` implements it. */
import type { Notification } from './rules.ts';

/** No method waits, and none throws: pushing goes on behind the request. */
export interface Pusher {
  /** Pushes a new notification to its user's browsers if it is a mention; any other is ignored. */
  push(notification: Notification): void;
  /** Replaces the text of a notification that browsers may show. */
  correct(notification: Notification): void;
  /** Removes a deleted notification from the browsers that may show it. */
  retract(notification: Notification): void;
}
