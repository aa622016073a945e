/**
 * Which messages the reader has read. A message is read once its lower edge was on the screen, or scrolled past, while the page was
 * visible and focused; opening a room alone reads nothing. Chat stores one read position per reader, so a message behind a gap of unread
 * ones isn't reported: that would mark the gap as read, too.
 */
import type { Message } from '@parley/chat/messages/rules';
import type { Takes } from '../connection/frames.ts';
import { announce } from '../page/announce.ts';
import { dataOf, findElement, requireElement } from '../page/elements.ts';
import type { RoomContext } from '../page/room-context.ts';
import { nextArticle, positionOf } from './arrange.ts';
import type { History } from './history.ts';
import type { Log } from './log.ts';
import { createPositions } from './positions.ts';
import { createReadPosition } from './read-position.ts';

export interface ReadingDeps {
  readonly context: RoomContext;
  readonly log: Log;
  readonly history: History;
  /** Shows how many messages arrived in this room while the page was not watched. */
  showUnseen(count: number): void;
}

export interface Reading {
  readonly frames: Takes<'message' | 'message_edited' | 'message_deleted' | 'room_read' | 'resync' | 'notification'>;
  /** Marks as read what is on the screen, if the page is watched, and updates the counts. */
  note(): void;
  /** Scrolls to the newest messages at the reader's wish: all messages up to there count as read. */
  skipToNewest(): void;
  /** Scrolls to a message that the reader has sent. Unread messages above it stay unread. */
  onSent(): void;
}

const jumpText = (count: number): string =>
  count > 0 ? `${count} new ${count === 1 ? 'message' : 'messages'}` : 'Newest messages';

const isWatched = (): boolean => !document.hidden && document.hasFocus();

/** The position of a form `Mark as read`, which browsers without scripts submit; undefined for other forms. */
const markedPosition = ({ target }: Event): number | undefined =>
  target instanceof HTMLFormElement && target.matches('.mark-read')
    ? Number(new FormData(target).get('position'))
    : undefined;

export const createReading = ({ context, log, history, showUnseen }: ReadingDeps): Reading => {
  const { element, room, reader, signal } = context;
  const { scroller, stretch } = log;
  const jump = requireElement('jump');
  const read = createReadPosition(context);
  /** Messages of others that arrived while the page was not watched. */
  const unseen = createPositions();
  /** Messages of others that arrived while the log didn't show the room's end. */
  const missed = createPositions();
  /** The highest position that is known. */
  let newest = 0;
  /** Whether there are unread messages above those on the screen. */
  let isBehind = dataOf(element).behind !== undefined;
  /** Whether the page is scrolling to the newest messages by itself. Messages that pass by meanwhile aren't read. */
  let isGoing = false;
  /** The last visible message when the page opened. Until the reader scrolls, messages that were on the screen then aren't read. */
  let openedAt: number | undefined;
  let hasScrolled = false;

  const isAtNewest = () => scroller.isAtEnd && !stretch.hasNewer;
  const lastSeen = () => positionOf(scroller.lastEnded) ?? 0;
  const advance = (position: number): void => {
    newest = Math.max(newest, position);
  };

  const showCounts = (): void => {
    showUnseen(unseen.size);
    jump.hidden = isAtNewest();
    requireElement('jump-text').textContent = jumpText(missed.size);
    requireElement('behind').hidden = !isBehind;
  };

  /** Whether no unread messages lie between the read position and the screen. */
  const reachesRead = (): boolean => {
    const { position } = read;
    const first = scroller.firstShown;
    const previous = first && nextArticle(first, 'previousElementSibling');
    if (!first || position === 0 || (positionOf(first) ?? 0) <= position) return true;
    return previous ? (positionOf(previous) ?? 0) <= position : !findElement('older');
  };

  const checkGap = (): void => {
    if (!reachesRead()) isBehind = true;
  };

  const markSeen = (): void => {
    const seen = isAtNewest() ? (stretch.last ?? 0) : lastSeen();
    if (isAtNewest()) missed.clear();
    missed.deleteUpTo(seen);
    unseen.deleteUpTo(seen);
    if (isBehind && reachesRead()) isBehind = false;
    if (!isBehind) read.moveTo(seen);
  };

  const note = (): void => {
    openedAt ??= lastSeen();
    hasScrolled ||= lastSeen() !== openedAt;
    if (isWatched() && !isGoing && (hasScrolled || isAtNewest())) markSeen();
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

  const skipToNewest = (): void => {
    read.moveTo(Math.max(newest, stretch.last ?? 0));
    go(history.toNewest(), () => {
      isBehind = false;
    });
  };

  const onSent = (): void => {
    // Whoever answers at the end has read the room.
    if (isAtNewest()) isBehind = false;
    hasScrolled = true;
    note();
    go(history.toNewest(), checkGap);
  };

  const onAdded = (added: readonly Message[]): void => {
    const others = added.filter(({ user_id }) => user_id !== reader.id);
    for (const { position } of added) advance(position);
    announce(others.map(({ username, content }) => `${username}: ${content}`));
    if (!isWatched()) unseen.add(others);
    if (!isAtNewest()) missed.add(others);
    note();
  };

  const onDeleted = (position: number): void => {
    unseen.delete(position);
    missed.delete(position);
    showCounts();
  };

  /** Chat marks a mention as read when it receives a read position: one that was edited into a read message needs another. */
  const onMention = (position: number): void => {
    const first = positionOf(scroller.firstShown) ?? Number.POSITIVE_INFINITY;
    const isShown = position >= first && position <= lastSeen();
    if (isShown && isWatched() && position <= read.position) read.resend();
  };

  /** Another page or device of the reader has read this room. */
  const onReadElsewhere = (position: number): void => {
    read.onRemote(position);
    unseen.deleteUpTo(position);
    if (isBehind) isBehind = !reachesRead();
    showCounts();
  };

  const onWatched = (): void => {
    if (unseen.size > 0) checkGap();
    note();
  };
  const onVisibility = (): void => (document.hidden ? log.flush() : onWatched());
  const onSubmit = (event: SubmitEvent): void => {
    const position = markedPosition(event);
    if (position === undefined) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    advance(position);
    findElement('new')?.remove();
    skipToNewest();
  };

  log.listen(onAdded);
  element.addEventListener('submit', onSubmit, { signal, capture: true });
  jump.addEventListener('click', skipToNewest, { signal });
  requireElement('scroll').addEventListener('scroll', note, { signal, passive: true });
  window.addEventListener('focus', onWatched, { signal });
  document.addEventListener('visibilitychange', onVisibility, { signal });

  return {
    frames: {
      message: ({ position }) => advance(position),
      message_edited: ({ position }) => advance(position),
      message_deleted: ({ position }) => onDeleted(position),
      room_read: ({ room_id, read_position }) => {
        if (room_id === room) onReadElsewhere(read_position);
      },
      resync: () => (scroller.isAtEnd ? go(history.reload(), checkGap) : log.markGap()),
      notification: ({ room_id, position }) => {
        if (room_id === room && position) onMention(position);
      },
    },
    note,
    skipToNewest,
    onSent,
  };
};
