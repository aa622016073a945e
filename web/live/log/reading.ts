/**
 * What the reader has seen: told to chat, counted where they haven't, and the button to the newest messages. Opening a room reads
 * nothing; a message is read once its end was on the screen, or scrolled past, while the page was looked at. A read position is one
 * number: messages beyond a gap that nobody has seen aren't told, since they would take the gap along.
 */
import type { Message } from '@parley/chat/messages/rules';
import { announce } from '../page/announce.ts';
import { type Place, part } from '../page/room-context.ts';
import type { Badges } from '../sidebar/badges.ts';
import { nextArticle, positionOf } from './arrange.ts';
import type { Log } from './log.ts';
import { createReadPosition } from './read-position.ts';

export interface Reading {
  hearOf(position: number): void;
  /** What is in view and looked at is read. */
  note(): void;
  /** Goes to the newest messages on purpose: what lies between counts as read. */
  skipToNewest(): void;
  /** Goes there to show what the reader has sent: what they have never seen stays unread. */
  onSent(): void;
  /** The page goes to the newest messages by itself. */
  follow(going: Promise<void>): void;
  /** These are new in the log, or would be if it showed the room's end. */
  onAdded(added: readonly Message[]): void;
  onDeleted(position: number): void;
  /** The reader is mentioned in this room. */
  onMention(position: number): void;
  /** Another page or device of the reader's has read this room. */
  onReadElsewhere(position: number): void;
}

/** Counts no further: a tab may be forgotten for months. */
const MOST_COUNTED = 1_000;

/** @param toNewest shows the newest messages */
export const createReading = (place: Place, log: Log, badges: Badges, toNewest: () => Promise<void>): Reading => {
  const { element, reader, signal } = place;
  const { scroller, stretch } = log;
  const jump = part('jump');
  const read = createReadPosition(place);
  /** Others' messages that came while nobody looked, and while the end was out of view, by position. */
  const unseen = new Set<number>();
  const missed = new Set<number>();
  let newest = 0;
  let isBehind = element.dataset.behind !== undefined;
  let isGoing = false;
  /** Until the reader moves it, a page that opened amid the unread has shown nothing that they chose to see. */
  let openedAt: number | undefined;
  let hasMoved = false;

  const isWatched = () => !document.hidden && document.hasFocus();
  const isAtNewest = () => scroller.isAtEnd && !stretch.hasNewer;
  const lastSeen = () => positionOf(scroller.lastEnded) ?? 0;

  const showCounts = (): void => {
    const { size } = missed;
    badges.unseen = unseen.size;
    jump.hidden = isAtNewest();
    part('jump-text').textContent = size > 0 ? `${size} new ${size === 1 ? 'message' : 'messages'}` : 'Newest messages';
    part('behind').hidden = !isBehind;
  };

  const dropUpTo = (counted: Set<number>, position: number): void => {
    for (const one of counted) if (one <= position) counted.delete(one);
  };

  /** Whether nothing unread lies between what is read and what is on the screen. */
  const reachesRead = (): boolean => {
    const first = scroller.firstShown;
    const before = first && nextArticle(first, 'previousElementSibling');
    if (!first || read.position === 0 || (positionOf(first) ?? 0) <= read.position) return true;
    return before ? (positionOf(before) ?? 0) <= read.position : !document.getElementById('older');
  };

  const lookForGap = (): void => {
    if (!reachesRead()) isBehind = true;
  };

  const see = (): void => {
    const seen = isAtNewest() ? (stretch.last ?? 0) : lastSeen();
    if (isAtNewest()) missed.clear();
    dropUpTo(missed, seen);
    dropUpTo(unseen, seen);
    if (isBehind && reachesRead()) isBehind = false;
    if (!isBehind) read.moveTo(seen);
  };

  const note = (): void => {
    openedAt ??= lastSeen();
    hasMoved ||= lastSeen() !== openedAt;
    if (isWatched() && !isGoing && (hasMoved || isAtNewest())) see();
    showCounts();
  };

  const go = (going: Promise<void>, onThere: () => void): void => {
    isGoing = true;
    void going.finally(() => {
      isGoing = false;
      onThere();
      note();
    });
  };
  const follow = (going: Promise<void>): void => go(going, lookForGap);

  const skipToNewest = (): void => {
    read.moveTo(Math.max(newest, stretch.last ?? 0));
    go(toNewest(), () => {
      isBehind = false;
    });
  };

  const onSent = (): void => {
    // Who answers at the end has read the room.
    if (isAtNewest()) isBehind = false;
    hasMoved = true;
    note();
    follow(toNewest());
  };

  const markRead = (event: SubmitEvent): void => {
    if (!(event.target instanceof HTMLFormElement) || !event.target.matches('.mark-read')) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    newest = Math.max(newest, Number(new FormData(event.target).get('position')));
    document.getElementById('new')?.remove();
    skipToNewest();
  };

  const onLook = (): void => {
    if (unseen.size > 0) lookForGap();
    note();
  };

  element.addEventListener('submit', markRead, { signal, capture: true });
  jump.addEventListener('click', skipToNewest, { signal });
  part('scroll').addEventListener('scroll', note, { signal, passive: true });
  window.addEventListener('focus', onLook, { signal });
  document.addEventListener('visibilitychange', () => (document.hidden ? log.flush() : onLook()), { signal });

  const hearOf = (position: number): void => {
    newest = Math.max(newest, position);
  };

  const count = (counted: Set<number>, messages: readonly Message[]): void => {
    for (const { position } of messages) if (counted.size < MOST_COUNTED) counted.add(position);
  };

  return {
    hearOf,
    note,
    skipToNewest,
    onSent,
    follow,
    onAdded: (added) => {
      const others = added.filter(({ user_id }) => user_id !== reader.id);
      for (const { position } of added) hearOf(position);
      announce(others.map(({ username, content }) => `${username}: ${content}`));
      if (!isWatched()) count(unseen, others);
      if (!isAtNewest()) count(missed, others);
      note();
    },
    onDeleted: (position) => {
      unseen.delete(position);
      missed.delete(position);
      showCounts();
    },
    onMention: (position) => {
      const isShown =
        position >= (positionOf(scroller.firstShown) ?? Number.POSITIVE_INFINITY) && position <= lastSeen();
      if (isShown && isWatched() && position <= read.position) read.tellAgain();
    },
    onReadElsewhere: (position) => {
      read.onTold(position);
      dropUpTo(unseen, position);
      if (isBehind) isBehind = !reachesRead();
      showCounts();
    },
  };
};
