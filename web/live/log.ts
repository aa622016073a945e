/**
 * The messages on the page: each once, by id, in the order of their positions, a bounded stretch of the room. What came in since the
 * last frame of the screen goes in at once.
 */
import type { Message } from '@parley/chat/messages/rules';
import { joinHtml } from '../views/html.ts';
import { message as messageView } from '../views/message.ts';
import { beginning } from '../views/room.ts';
import { clockOf } from '../views/time.ts';
import { insert, isArticle, nextArticle, positionOf, settle } from './arrange.ts';
import { keepEditor } from './editor.ts';
import { type Place, part } from './place.ts';
import { createScroller, type Scroller } from './scroll.ts';
import { elementOf, elementsOf } from './trust.ts';
import { correctTimes } from './zone.ts';

/** The most messages that are in the page at once. */
export const MAX_SHOWN = 300;
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
  /** Messages newer than those on the page exist and aren't shown. */
  hasNewer: boolean;
  readonly first: number | undefined;
  readonly last: number | undefined;
  /** Puts a message where it belongs, or replaces it. Old states of it are ignored. */
  put(message: Message): void;
  remove(removal: Removal): void;
  /** Puts a page of history in, at once. @param side which end of the log it extends */
  extend(list: readonly Message[], side: 'older' | 'newer'): void;
  /** Something was missed after the last message: it is history to load. */
  markGap(): void;
  /** Dividers and times as of the reader's zone, where the server had to guess. */
  rearrange(): void;
  /** There is nothing older. */
  markBeginning(): void;
  clear(): void;
  /** Brings everything that waits into the page now. */
  flush(): void;
}

/** @param onChange called after changes are in the page, with the messages that were added at the end */
export const createLog = (place: Place, onChange: (added: readonly Message[]) => void): Log => {
  const element = part('log');
  const scroller = createScroller(part('scroll'), element);
  const clock = clockOf(place.reader);
  const waiting = new Map<string, Message>();
  const removals = new Map<string, Removal>();
  let hasNewer = place.element.dataset.hasNewer !== undefined;
  let isScheduled = false;

  const articles = () => element.getElementsByTagName('article');
  const firstArticle = () => articles()[0];
  const lastArticle = () => articles()[articles().length - 1];
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

  const isOutside = ({ position }: Message): boolean => {
    const [first, last] = [positionOf(firstArticle()), positionOf(lastArticle())];
    if (last === undefined || first === undefined) return false;
    return (hasNewer && position > last) || (position < first && document.getElementById('older') !== null);
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

  const bury = ({ id, seq, deletedAt }: Removal): void => {
    const old = find(id);
    if (!old) return;
    const facts: Message = {
      id,
      seq,
      room_id: place.room,
      user_id: old.dataset.user ?? '',
      username: old.querySelector('.author')?.textContent ?? '',
      content: '',
      message_type: 'text',
      file_url: null,
      created_at: new Date(Number(old.dataset.at)).toISOString(),
      position: Number(old.dataset.position),
      edited_at: null,
      deleted_at: deletedAt,
    };
    replace(old, elementOf(messageView(facts, place.reader)));
  };

  const edgeLink = (id: 'older' | 'newer', position: number | undefined): void => {
    const link = document.getElementById(id) ?? document.createElement('a');
    link.id = id;
    link.className = 'more';
    link.textContent = id === 'older' ? 'Older messages' : 'Newer messages';
    link.setAttribute('href', `/rooms/${place.room}?${id === 'older' ? 'before' : 'after'}=${position ?? 0}`);
    if (link.isConnected) return;
    if (id === 'older') element.prepend(link);
    else element.append(link);
  };

  const dropUntil = (child: () => Element | null | undefined, isDone: () => boolean): void => {
    while (!isDone()) child()?.remove();
  };

  /** Keeps the page bounded: at the end the oldest go, further up the newest. */
  const trim = (side: 'older' | 'newer'): void => {
    const isFull = () => articles().length <= MAX_SHOWN;
    if (isFull()) return;
    if (side === 'older') {
      document.getElementById('older')?.remove();
      document.getElementById('beginning')?.remove();
      dropUntil(() => element.firstElementChild, isFull);
      const first = firstArticle();
      if (first) settle(first, clock);
      edgeLink('older', positionOf(first));
    } else {
      document.getElementById('newer')?.remove();
      dropUntil(() => element.lastElementChild, isFull);
      dropUntil(
        () => element.lastElementChild,
        () => isArticle(element.lastElementChild),
      );
      hasNewer = true;
      edgeLink('newer', positionOf(lastArticle()));
    }
  };

  const flush = (): void => {
    isScheduled = false;
    const last = positionOf(lastArticle()) ?? 0;
    const list = [...waiting.values()].filter((facts) => !isOutside(facts)).sort((a, b) => a.position - b.position);
    const taken = [...waiting.values()].filter(({ position }) => position > last);
    waiting.clear();
    const isFollowing = scroller.isAtEnd && !hasNewer;
    scroller.hold(() => {
      putIn(list);
      for (const removal of removals.values()) bury(removal);
      removals.clear();
      trim(isFollowing ? 'older' : 'newer');
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
    get hasNewer() {
      return hasNewer;
    },
    set hasNewer(value) {
      hasNewer = value;
      if (!value) document.getElementById('newer')?.remove();
    },
    get first() {
      return positionOf(firstArticle());
    },
    get last() {
      return positionOf(lastArticle());
    },
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
    extend: (list, side) =>
      scroller.hold(() => {
        putIn(list);
        if (side === 'older') edgeLink('older', positionOf(firstArticle()));
        else if (document.getElementById('newer')) edgeLink('newer', positionOf(lastArticle()));
        trim(side === 'older' ? 'newer' : 'older');
      }, false),
    markGap: () => {
      hasNewer = true;
      edgeLink('newer', positionOf(lastArticle()));
    },
    rearrange: () => {
      correctTimes(element);
      for (const article of articles()) settle(article, clock);
    },
    markBeginning: () => {
      document.getElementById('older')?.remove();
      if (!document.getElementById('beginning')) element.prepend(elementOf(beginning(place.roomName)));
    },
    clear: () => element.replaceChildren(),
    flush,
  };
};
