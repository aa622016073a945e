/**
 * The messages on the page: each once, by id, in the order of their positions, a bounded stretch of the room. What came in since the
 * last frame of the screen goes in at once.
 */
import type { Message } from '@parley/chat/messages/rules';
import { joinHtml } from '../../views/html.ts';
import { message as messageView } from '../../views/message.ts';
import { clockOf } from '../../views/time.ts';
import { elementOf, elementsOf } from '../page/markup.ts';
import { type Place, part } from '../page/room-context.ts';
import { correctTimes } from '../page/zone.ts';
import { keepEditor } from '../writing/editor.ts';
import { insert, nextArticle, settle } from './arrange.ts';
import { createScroller, type Scroller } from './scroll.ts';
import { createStretch, type Side, type Stretch } from './stretch.ts';

const HIDDEN_FLUSH_MS = 250;

/** A message that was taken back, as the event tells it. */
export interface Removal {
  readonly id: string;
  readonly seq: number;
  readonly deletedAt: string;
}

export interface Log {
  readonly scroller: Scroller;
  readonly element: HTMLElement;
  readonly stretch: Stretch;
  /** Puts a message where it belongs, or replaces it. Old states of it are ignored. */
  put(message: Message): void;
  remove(removal: Removal): void;
  /**
   * History is being read, and what comes meanwhile is newer than its answer: it waits for it. Further up only what isn't on the page
   * waits, so that the end stays live.
   */
  await(side: Side): void;
  /** It was read, or couldn't be: what waited goes in. */
  goOn(): void;
  /** Puts a page of history in, at once. @param side which end of the log it extends */
  extend(list: readonly Message[], side: Side): void;
  /** Something was missed after the last message: it is history to load. */
  markGap(): void;
  /** Dividers and times as of the reader's zone, where the server had to guess. */
  rearrange(): void;
  clear(): void;
  /** Brings everything that waits into the page now. */
  flush(): void;
}

/** @param onChange called after changes are in the page, with the messages that were added at the end */
export const createLog = (place: Place, onChange: (added: readonly Message[]) => void): Log => {
  const element = part('log');
  const scroller = createScroller(part('scroll'), element, place.signal);
  const clock = clockOf(place.reader);
  const stretch = createStretch(place, element, clock);
  const waiting = new Map<string, Message>();
  const removals = new Map<string, Removal>();
  let isScheduled = false;
  let awaited: Side | undefined;

  const find = (id: string): HTMLElement | undefined => {
    const found = document.getElementById(`m-${id}`);
    return found && element.contains(found) ? found : undefined;
  };

  const settleAround = (article: HTMLElement): void => {
    settle(article, clock);
    const next = nextArticle(article, 'nextElementSibling');
    if (next) settle(next, clock);
  };

  const replace = (old: HTMLElement, article: HTMLElement): void => {
    if (Number(old.dataset.seq) >= Number(article.dataset.seq)) return;
    const hadFocus = old.contains(document.activeElement);
    const focused = document.activeElement;
    keepEditor(old, article);
    old.replaceWith(article);
    settle(article, clock);
    if (!hadFocus) return;
    const still = focused instanceof HTMLElement && article.contains(focused) ? focused : article;
    still.focus({ preventScroll: true });
  };

  const putIn = (list: readonly Message[]): void => {
    const made = elementsOf(joinHtml(list.map((facts) => messageView(facts, place.reader))));
    for (const [index, article] of made.entries()) {
      const facts = list[index];
      if (!facts) continue;
      const old = find(facts.id);
      if (old) replace(old, article);
      else {
        insert(element, article, facts.position);
        settleAround(article);
      }
    }
  };

  /** False when it isn't on the page. */
  const bury = ({ id, seq, deletedAt }: Removal): boolean => {
    const old = find(id);
    if (!old) return false;
    const facts: Message = {
      id,
      seq,
      room_id: place.room,
      user_id: old.dataset.user ?? '',
      username: old.querySelector('.author')?.textContent ?? '',
      content: '',
      message_type: 'text',
      file_url: null,
      mentions: [],
      created_at: new Date(Number(old.dataset.at)).toISOString(),
      position: Number(old.dataset.position),
      edited_at: null,
      deleted_at: deletedAt,
    };
    replace(old, elementOf(messageView(facts, place.reader)));
    return true;
  };

  const flush = (): void => {
    isScheduled = false;
    // The page that is shown by now may be another room's.
    if (place.signal.aborted || awaited === 'newer') return;
    const last = stretch.last ?? 0;
    const came = [...waiting.values()];
    const list = came.filter(({ position }) => !stretch.isOutside(position)).sort((a, b) => a.position - b.position);
    const taken = came.filter(({ position }) => position > last);
    const first = awaited ? (stretch.first ?? 0) : 0;
    for (const { id, position } of came) if (position >= first) waiting.delete(id);
    const isFollowing = scroller.isAtEnd && !stretch.hasNewer;
    scroller.hold(() => {
      putIn(list);
      for (const removal of removals.values()) if (bury(removal) || !awaited) removals.delete(removal.id);
      stretch.trim(isFollowing ? 'older' : 'newer');
    }, isFollowing);
    onChange(taken);
  };

  const schedule = (): void => {
    if (isScheduled) return;
    isScheduled = true;
    // A hidden page gets no frames of the screen.
    if (document.hidden) setTimeout(flush, HIDDEN_FLUSH_MS);
    else requestAnimationFrame(flush);
  };

  return {
    scroller,
    element,
    stretch,
    put: (facts) => {
      const known = waiting.get(facts.id);
      if (known && known.seq >= facts.seq) return;
      waiting.set(facts.id, facts);
      schedule();
    },
    remove: (removal) => {
      waiting.delete(removal.id);
      removals.set(removal.id, removal);
      schedule();
    },
    await: (side) => {
      awaited = side;
    },
    goOn: () => {
      awaited = undefined;
      if (waiting.size + removals.size > 0) flush();
    },
    extend: (list, side) =>
      scroller.hold(() => {
        putIn(list);
        if (side === 'older' || document.getElementById('newer')) stretch.link(side);
        stretch.trim(side === 'older' ? 'newer' : 'older');
      }, false),
    markGap: () => {
      stretch.hasNewer = true;
      stretch.link('newer');
    },
    rearrange: () => {
      correctTimes(element);
      for (const article of element.getElementsByTagName('article')) settle(article, clock);
    },
    clear: () => element.replaceChildren(),
    flush,
  };
};
