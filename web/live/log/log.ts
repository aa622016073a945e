/** The message log of the page: a bounded stretch of the room's messages. Changes are collected and rendered once per animation frame. */
import type { Message } from '@parley/chat/messages/rules';
import type { ServerFrames } from '@parley/client/api/frames';
import { clockOf } from '../../views/time.ts';
import type { Takes } from '../connection/frames.ts';
import { findElement, requireElement } from '../page/elements.ts';
import type { RoomContext } from '../page/room-context.ts';
import { correctTimes } from '../page/zone.ts';
import { arrange } from './arrange.ts';
import { createArticles, type Deletion, type MoveEditor } from './articles.ts';
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

export interface Log {
  readonly frames: Takes<'message' | 'message_edited' | 'message_deleted'>;
  readonly element: HTMLElement;
  readonly scroller: Scroller;
  readonly stretch: Stretch;
  /** Sets the listener for messages that were added after the last one, whether or not the log shows the room's end. */
  listen(onAdded: AddedListener): void;
  /**
   * Called while a page of the history is being loaded. Frames may be newer than the page and must not be rendered before it: at the
   * newer end all wait, at the older end only changes of messages that aren't shown, so that the end stays live.
   */
  pause(side: Side): void;
  /** Called when the page was loaded, or could not be: renders the changes that waited. */
  resume(): void;
  /** Renders a page of the history at one end of the log. */
  extend(messages: readonly Message[], side: Side): void;
  /** Adds a link after the last message: the messages behind it were missed and have to be loaded. */
  markGap(): void;
  /** Corrects dividers and times where the server rendered for another time zone. */
  correctZone(): void;
  clear(): void;
  /** Renders all collected changes now. */
  flush(): void;
}

type AddedListener = (added: readonly Message[]) => void;

export const createLog = ({ context, moveEditor }: LogDeps): Log => {
  const { reader, signal } = context;
  const element = requireElement('log');
  const scroller = createScroller(requireElement('scroll'), element, signal);
  const clock = clockOf(reader);
  const stretch = createStretch({ context, log: element, clock });
  const articles = createArticles({ context, log: element, clock, moveEditor });
  const messages = new Map<string, Message>();
  const deletions = new Map<string, Deletion>();
  let onAdded: AddedListener = () => undefined;
  let isScheduled = false;
  /** The end of the log for which a page of the history is being loaded. */
  let loading: Side | undefined;

  /** Messages before the first one wait for the page that is being loaded. */
  const dropRendered = (received: readonly Message[]): void => {
    const first = loading ? (stretch.first ?? 0) : 0;
    for (const { id, position } of received) if (position >= first) messages.delete(id);
  };

  const markDeleted = (): void => {
    for (const deletion of deletions.values())
      if (articles.markDeleted(deletion) || !loading) deletions.delete(deletion.id);
  };

  const flush = (): void => {
    isScheduled = false;
    // The page may show another room by now.
    if (signal.aborted || loading === 'newer') return;
    const last = stretch.last ?? 0;
    const received = [...messages.values()].sort((a, b) => a.position - b.position);
    const shown = received.filter(({ position }) => !stretch.isOutside(position));
    dropRendered(received);
    const isFollowing = scroller.isAtEnd && !stretch.hasNewer;
    scroller.hold(() => {
      articles.put(shown);
      markDeleted();
      stretch.trim(isFollowing ? 'older' : 'newer');
    }, isFollowing);
    onAdded(received.filter(({ position }) => position > last));
  };

  const schedule = (): void => {
    if (isScheduled) return;
    isScheduled = true;
    // A hidden page gets no animation frames.
    if (document.hidden) setTimeout(flush, HIDDEN_FLUSH_MS);
    else requestAnimationFrame(flush);
  };

  /** Keeps the newest state of a message. */
  const put = (frame: MessageFrame): void => {
    const { id, seq } = frame;
    if ((messages.get(id)?.seq ?? 0) >= seq) return;
    messages.set(id, messageOf(frame));
    schedule();
  };

  return {
    frames: {
      message: put,
      message_edited: put,
      message_deleted: ({ id, seq, deleted_at: deletedAt }) => {
        messages.delete(id);
        deletions.set(id, { id, seq, deletedAt });
        schedule();
      },
    },
    element,
    scroller,
    stretch,
    listen: (listener) => {
      onAdded = listener;
    },
    pause: (side) => {
      loading = side;
    },
    resume: () => {
      loading = undefined;
      if (messages.size + deletions.size > 0) flush();
    },
    extend: (page, side) =>
      scroller.hold(() => {
        articles.put(page);
        if (side === 'older' || findElement('newer')) stretch.link(side);
        stretch.trim(side === 'older' ? 'newer' : 'older');
      }, false),
    markGap: () => {
      stretch.hasNewer = true;
      stretch.link('newer');
    },
    correctZone: () => {
      correctTimes(element);
      for (const article of element.getElementsByTagName('article')) arrange(article, clock);
    },
    clear: () => element.replaceChildren(),
    flush,
  };
};
