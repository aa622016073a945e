/**
 * Which messages the reader has read. A message is read once its lower edge was on the screen, or scrolled past, while the page was
 * visible and focused; opening a room alone reads nothing. Chat stores one read position per reader, so a message behind a gap of unread
 * ones isn't reported: that would mark the gap as read, too.
 */
import type { Message } from '@parley/chat/messages/rules';
import type { Takes } from '../connection/frames.ts';
import { announce } from '../page/announce.ts';
import { findElement, requireElement } from '../page/elements.ts';
import type { RoomContext } from '../page/room-context.ts';
import { nextArticle, positionOf } from './arrange.ts';
import type { History } from './history.ts';
import type { Log } from './log.ts';
import { Positions } from './positions.ts';
import { createReadPosition, type ReadPosition } from './read-position.ts';

export interface ReadingDeps {
  readonly context: RoomContext;
  readonly log: Log;
  readonly history: History;
  /** Shows how many messages arrived in this room while the page was not watched. */
  showUnseen(count: number): void;
}

type ReadingFrames = Takes<'message' | 'message_edited' | 'message_deleted' | 'room_read' | 'resync' | 'notification'>;

const jumpText = (count: number): string =>
  count > 0 ? `${count} new ${count === 1 ? 'message' : 'messages'}` : 'Newest messages';

const isWatched = (): boolean => !document.hidden && document.hasFocus();

export class Reading {
  readonly frames: ReadingFrames;
  readonly #deps: ReadingDeps;
  readonly #read: ReadPosition;
  readonly #jump = requireElement('jump');
  /** Messages of others that arrived while the page was not watched. */
  readonly #unseen = new Positions();
  /** Messages of others that arrived while the log didn't show the room's end. */
  readonly #missed = new Positions();
  /** The highest position that is known. */
  #newest = 0;
  /** Whether there are unread messages above those on the screen. */
  #isBehind: boolean;
  /** Whether the page is scrolling to the newest messages by itself. */
  #isGoing = false;
  /** The last visible message when the page opened. Until the reader scrolls, messages that were on the screen then aren't read. */
  #openedAt: number | undefined;
  #hasScrolled = false;

  constructor(deps: ReadingDeps) {
    this.#deps = deps;
    this.#read = createReadPosition(deps.context);
    this.#isBehind = deps.context.element.dataset.behind !== undefined;
    const advance = ({ position }: { readonly position: number }): void => this.#advance(position);
    this.frames = {
      message: advance,
      message_edited: advance,
      message_deleted: ({ position }) => this.#onDeleted(position),
      room_read: ({ room_id, read_position }) => {
        if (room_id === deps.context.room) this.#onReadElsewhere(read_position);
      },
      resync: () => this.#onResync(),
      notification: ({ room_id, position }) => {
        if (room_id === deps.context.room && position) this.#onMention(position);
      },
    };
    deps.log.listen((added) => this.#onAdded(added));
    this.#listen();
  }

  /** Marks as read what is on the screen, if the page is watched, and updates the counts. */
  readonly note = (): void => {
    this.#openedAt ??= this.#lastSeen;
    this.#hasScrolled ||= this.#lastSeen !== this.#openedAt;
    if (isWatched() && !this.#isGoing && (this.#hasScrolled || this.#isAtNewest)) this.#markSeen();
    this.#showCounts();
  };

  /** Scrolls to the newest messages at the reader's wish: all messages up to there count as read. */
  readonly skipToNewest = (): void => {
    const { log, history } = this.#deps;
    this.#read.moveTo(Math.max(this.#newest, log.stretch.last ?? 0));
    this.#go(history.toNewest(), () => {
      this.#isBehind = false;
    });
  };

  /** Scrolls to a message that the reader has sent. Unread messages above it stay unread. */
  readonly onSent = (): void => {
    // Whoever answers at the end has read the room.
    if (this.#isAtNewest) this.#isBehind = false;
    this.#hasScrolled = true;
    this.note();
    this.#follow(this.#deps.history.toNewest());
  };

  get #isAtNewest(): boolean {
    const { scroller, stretch } = this.#deps.log;
    return scroller.isAtEnd && !stretch.hasNewer;
  }

  get #lastSeen(): number {
    return positionOf(this.#deps.log.scroller.lastEnded) ?? 0;
  }

  #advance(position: number): void {
    this.#newest = Math.max(this.#newest, position);
  }

  #showCounts(): void {
    this.#deps.showUnseen(this.#unseen.size);
    this.#jump.hidden = this.#isAtNewest;
    requireElement('jump-text').textContent = jumpText(this.#missed.size);
    requireElement('behind').hidden = !this.#isBehind;
  }

  /** Whether no unread messages lie between the read position and the screen. */
  #reachesRead(): boolean {
    const { position } = this.#read;
    const first = this.#deps.log.scroller.firstShown;
    const previous = first && nextArticle(first, 'previousElementSibling');
    if (!first || position === 0 || (positionOf(first) ?? 0) <= position) return true;
    return previous ? (positionOf(previous) ?? 0) <= position : !findElement('older');
  }

  #checkGap(): void {
    if (!this.#reachesRead()) this.#isBehind = true;
  }

  #markSeen(): void {
    const seen = this.#isAtNewest ? (this.#deps.log.stretch.last ?? 0) : this.#lastSeen;
    if (this.#isAtNewest) this.#missed.clear();
    this.#missed.deleteUpTo(seen);
    this.#unseen.deleteUpTo(seen);
    if (this.#isBehind && this.#reachesRead()) this.#isBehind = false;
    if (!this.#isBehind) this.#read.moveTo(seen);
  }

  /** While the page scrolls by itself, nothing that passes by is read. */
  #go(going: Promise<void>, onThere: () => void): void {
    this.#isGoing = true;
    void going.finally(() => {
      this.#isGoing = false;
      onThere();
      this.note();
    });
  }

  #follow(going: Promise<void>): void {
    this.#go(going, () => this.#checkGap());
  }

  #listen(): void {
    const { log, context } = this.#deps;
    const { element, signal } = context;
    const onWatched = (): void => {
      if (this.#unseen.size > 0) this.#checkGap();
      this.note();
    };
    const onVisibility = (): void => (document.hidden ? log.flush() : onWatched());
    element.addEventListener('submit', (event) => this.#markRead(event), { signal, capture: true });
    this.#jump.addEventListener('click', this.skipToNewest, { signal });
    requireElement('scroll').addEventListener('scroll', this.note, { signal, passive: true });
    window.addEventListener('focus', onWatched, { signal });
    document.addEventListener('visibilitychange', onVisibility, { signal });
  }

  /** The button `Mark as read`: a form, for browsers without scripts. */
  #markRead(event: SubmitEvent): void {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.matches('.mark-read')) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.#advance(Number(new FormData(form).get('position')));
    findElement('new')?.remove();
    this.skipToNewest();
  }

  #onAdded(added: readonly Message[]): void {
    const others = added.filter(({ user_id }) => user_id !== this.#deps.context.reader.id);
    for (const { position } of added) this.#advance(position);
    announce(others.map(({ username, content }) => `${username}: ${content}`));
    if (!isWatched()) this.#unseen.add(others);
    if (!this.#isAtNewest) this.#missed.add(others);
    this.note();
  }

  #onDeleted(position: number): void {
    this.#unseen.delete(position);
    this.#missed.delete(position);
    this.#showCounts();
  }

  #onResync(): void {
    const { log, history } = this.#deps;
    if (log.scroller.isAtEnd) this.#follow(history.reload());
    else log.markGap();
  }

  /** A read message that the reader is watching was edited and mentions them now. */
  #onMention(position: number): void {
    const first = positionOf(this.#deps.log.scroller.firstShown) ?? Number.POSITIVE_INFINITY;
    const isShown = position >= first && position <= this.#lastSeen;
    if (isShown && isWatched() && position <= this.#read.position) this.#read.resend();
  }

  /** Another page or device of the reader has read this room. */
  #onReadElsewhere(position: number): void {
    this.#read.onRemote(position);
    this.#unseen.deleteUpTo(position);
    if (this.#isBehind) this.#isBehind = !this.#reachesRead();
    this.#showCounts();
  }
}
