/** The message log of the page: a bounded stretch of the room's messages. Changes are collected and rendered once per animation frame. */
import type { Message } from '@parley/chat/messages/rules';
import type { ServerFrames } from '@parley/client/api/frames';
import { type Clock, clockOf } from '../../views/time.ts';
import type { Takes } from '../connection/frames.ts';
import { findElement, requireElement } from '../page/elements.ts';
import type { RoomContext } from '../page/room-context.ts';
import { correctTimes } from '../page/zone.ts';
import { arrange } from './arrange.ts';
import { type Articles, createArticles, type Deletion, type MoveEditor } from './articles.ts';
import { createScroller, type Scroller } from './scroll.ts';
import { createStretch, type Side, type Stretch } from './stretch.ts';

const HIDDEN_FLUSH_MS = 250;

export interface LogDeps {
  readonly context: RoomContext;
  readonly moveEditor: MoveEditor;
}

type MessageFrame = ServerFrames['message' | 'message_edited'];

const messageOf = ({ type: _, timestamp, ...fields }: MessageFrame): Message => ({
  ...fields,
  created_at: timestamp,
  deleted_at: null,
});

export class Log {
  readonly element = requireElement('log');
  readonly scroller: Scroller;
  readonly stretch: Stretch;
  readonly frames: Takes<'message' | 'message_edited' | 'message_deleted'>;
  readonly #articles: Articles;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #messages = new Map<string, Message>();
  readonly #deletions = new Map<string, Deletion>();
  #onAdded: (added: readonly Message[]) => void = () => undefined;
  #isScheduled = false;
  /** The end of the log for which a page of the history is being loaded. */
  #loading: Side | undefined;

  constructor({ context, moveEditor }: LogDeps) {
    const { element: log } = this;
    this.#signal = context.signal;
    this.#clock = clockOf(context.reader);
    this.scroller = createScroller(requireElement('scroll'), log, context.signal);
    this.stretch = createStretch({ context, log, clock: this.#clock });
    this.#articles = createArticles({ context, log, clock: this.#clock, moveEditor });
    const put = (frame: MessageFrame): void => this.#put(messageOf(frame));
    this.frames = {
      message: put,
      message_edited: put,
      message_deleted: ({ id, seq, deleted_at }) => this.#remove({ id, seq, deletedAt: deleted_at }),
    };
  }

  /** Sets the listener for messages that were added after the last one, whether or not the log shows the room's end. */
  listen(onAdded: (added: readonly Message[]) => void): void {
    this.#onAdded = onAdded;
  }

  /**
   * Called while a page of the history is being loaded. Frames may be newer than the page and must not be rendered before it: at the
   * newer end all wait, at the older end only changes of messages that aren't shown, so that the end stays live.
   */
  pause(side: Side): void {
    this.#loading = side;
  }

  /** Called when the page was loaded, or could not be: renders the changes that waited. */
  resume(): void {
    this.#loading = undefined;
    if (this.#messages.size + this.#deletions.size > 0) this.flush();
  }

  /** Renders a page of the history at one end of the log. */
  extend(messages: readonly Message[], side: Side): void {
    this.scroller.hold(() => {
      this.#articles.put(messages);
      if (side === 'older' || findElement('newer')) this.stretch.link(side);
      this.stretch.trim(side === 'older' ? 'newer' : 'older');
    }, false);
  }

  /** Adds a link after the last message: the messages behind it were missed and have to be loaded. */
  markGap(): void {
    this.stretch.hasNewer = true;
    this.stretch.link('newer');
  }

  /** Corrects dividers and times where the server rendered for another time zone. */
  correctZone(): void {
    correctTimes(this.element);
    for (const article of this.element.getElementsByTagName('article')) arrange(article, this.#clock);
  }

  clear(): void {
    this.element.replaceChildren();
  }

  /** Renders all collected changes now. */
  flush(): void {
    this.#isScheduled = false;
    // The page may show another room by now.
    if (this.#signal.aborted || this.#loading === 'newer') return;
    const { scroller, stretch } = this;
    const last = stretch.last ?? 0;
    const received = [...this.#messages.values()].sort((a, b) => a.position - b.position);
    const shown = received.filter(({ position }) => !stretch.isOutside(position));
    this.#dropRendered(received);
    const isFollowing = scroller.isAtEnd && !stretch.hasNewer;
    scroller.hold(() => {
      this.#articles.put(shown);
      this.#markDeleted();
      stretch.trim(isFollowing ? 'older' : 'newer');
    }, isFollowing);
    this.#onAdded(received.filter(({ position }) => position > last));
  }

  /** Keeps the newest state of a message. */
  #put(message: Message): void {
    const known = this.#messages.get(message.id);
    if (known && known.seq >= message.seq) return;
    this.#messages.set(message.id, message);
    this.#schedule();
  }

  #remove(deletion: Deletion): void {
    this.#messages.delete(deletion.id);
    this.#deletions.set(deletion.id, deletion);
    this.#schedule();
  }

  /** Messages before the first one wait for the page that is being loaded. */
  #dropRendered(received: readonly Message[]): void {
    const first = this.#loading ? (this.stretch.first ?? 0) : 0;
    for (const { id, position } of received) if (position >= first) this.#messages.delete(id);
  }

  #markDeleted(): void {
    for (const deletion of this.#deletions.values())
      if (this.#articles.markDeleted(deletion) || !this.#loading) this.#deletions.delete(deletion.id);
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    const flush = (): void => this.flush();
    // A hidden page gets no animation frames.
    if (document.hidden) setTimeout(flush, HIDDEN_FLUSH_MS);
    else requestAnimationFrame(flush);
  }
}
