/** What the reader has seen: noted at the service, counted where they haven't, and the button to the newest messages. */
import type { Message } from '@parley/chat/messages/rules';
import { announce } from './announce.ts';
import { markRead } from './api.ts';
import type { Badges } from './badges.ts';
import type { Log } from './log.ts';
import { type Place, part } from './place.ts';

export interface Reading {
  hearOf(position: number): void;
  /** What is in view at the end and looked at is read. */
  note(): void;
  /** These came into the log, or would have. */
  onAdded(added: readonly Message[]): void;
  /** Another page or device of the reader's has read this room. */
  onReadElsewhere(position: number): void;
}

const TELL_EVERY_MS = 1_000;

/** @param toNewest shows the newest messages */
export const createReading = (
  { room, reader, signal }: Place,
  log: Log,
  badges: Badges,
  toNewest: () => void,
): Reading => {
  const jump = part('jump');
  let newest = 0;
  let missed = 0;
  let seen = 0;
  let told = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const isWatched = () => !document.hidden && document.hasFocus();
  const isAtNewest = () => log.scroller.isAtEnd && !log.stretch.hasNewer;

  const tell = (): void => {
    if (seen <= told) return;
    told = seen;
    // Not noted now, it is noted with the next message.
    void markRead(room, reader.id, told).catch(() => undefined);
  };

  /** At once, but no more often than the limit. */
  const tellInTurn = (): void => {
    if (timer !== undefined || seen <= told) return;
    tell();
    timer = setTimeout(() => {
      timer = undefined;
      tellInTurn();
    }, TELL_EVERY_MS);
  };

  const showJump = (): void => {
    jump.hidden = isAtNewest();
    part('jump-text').textContent =
      missed > 0 ? `${missed} new ${missed === 1 ? 'message' : 'messages'}` : 'Newest messages';
  };

  const note = (): void => {
    if (isWatched() && isAtNewest()) {
      missed = 0;
      badges.unseen = 0;
      seen = log.stretch.last ?? 0;
      tellInTurn();
    }
    showJump();
  };

  jump.addEventListener('click', toNewest, { signal });
  part('scroll').addEventListener('scroll', note, { signal, passive: true });
  window.addEventListener('focus', note, { signal });
  document.addEventListener('visibilitychange', () => (document.hidden ? log.flush() : note()), { signal });
  // What was read in the last second, too: the next page's counts are to have it.
  signal.addEventListener('abort', () => {
    clearTimeout(timer);
    tell();
  });

  const hearOf = (position: number): void => {
    newest = Math.max(newest, position);
  };

  return {
    hearOf,
    note,
    onAdded: (added) => {
      const others = added.filter(({ user_id }) => user_id !== reader.id);
      for (const { position } of added) hearOf(position);
      announce(others.map(({ username, content }) => `${username}: ${content}`));
      if (!isWatched()) badges.unseen += others.length;
      if (!isAtNewest()) missed += others.length;
      note();
    },
    onReadElsewhere: (position) => {
      if (position >= newest) badges.unseen = 0;
    },
  };
};
