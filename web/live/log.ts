/**
 * The messages on the page: each once, by id, in the order of their positions, a bounded stretch of the room. What came in since the
 * last frame of the screen goes in at once.
 */
import type { Message } from '@parley/chat/messages/rules';
import { joinHtml } from '../views/html.ts';
import { dayDivider, isGrouped, type Neighbour, startsDay } from '../views/log.ts';
import { message as messageView } from '../views/message.ts';
import { clockOf } from '../views/time.ts';
import { type Place, part } from './place.ts';
import { createScroller, type Scroller } from './scroll.ts';
import { elementOf, elementsOf } from './trust.ts';

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
  clear(): void;
  /** Brings everything that waits into the page now. */
  flush(): void;
}

const isArticle = (element: Element | null): element is HTMLElement => element?.tagName === 'ARTICLE';

const numberOf = (article: HTMLElement | undefined, name: 'position' | 'seq' | 'at'): number | undefined =>
  article ? Number(article.dataset[name]) : undefined;

const neighbourOf = (article: HTMLElement): Neighbour => ({
  at: Number(article.dataset.at),
  userId: article.dataset.user ?? '',
  type: article.dataset.type ?? 'text',
});

const nextArticle = (article: Element, direction: 'previousElementSibling' | 'nextElementSibling') => {
  let at = article[direction];
  while (at && !isArticle(at)) at = at[direction];
  return isArticle(at) ? at : undefined;
};

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

  /** What stands between a message and the one before it, and whether it repeats the author's name. */
  const settle = (article: HTMLElement): void => {
    const before = nextArticle(article, 'previousElementSibling');
    let divider: Element | undefined;
    let isAfterLine = false;
    for (let at = article.previousElementSibling; at && at !== before; at = at.previousElementSibling) {
      if (at.classList.contains('day')) divider = at;
      if (at.classList.contains('new-line')) isAfterLine = true;
    }
    const here = neighbourOf(article);
    const last = before && neighbourOf(before);
    if (!startsDay(last, here, clock)) divider?.remove();
    else if (!divider || divider.getAttribute('data-day') !== clock.dayKey(here.at)) {
      divider?.remove();
      const made = elementOf(dayDivider(here.at, Date.now(), clock));
      if (before) before.after(made);
      else article.before(made);
    }
    article.classList.toggle('grouped', !isAfterLine && isGrouped(last, here, clock));
  };

  const settleAround = (article: HTMLElement): void => {
    settle(article);
    const next = nextArticle(article, 'nextElementSibling');
    if (next) settle(next);
  };

  /** Newest first: what comes live belongs at the end. */
  const insert = (article: HTMLElement, position: number): void => {
    let after = lastArticle();
    while (after && Number(after.dataset.position) > position) after = nextArticle(after, 'previousElementSibling');
    if (after) after.after(article);
    else {
      const next = firstArticle();
      const boundary = next?.previousElementSibling?.classList.contains('day') ? next.previousElementSibling : next;
      if (boundary) boundary.before(article);
      else if (document.getElementById('newer')) document.getElementById('newer')?.before(article);
      else element.append(article);
    }
  };

  const replace = (old: HTMLElement, article: HTMLElement): void => {
    if (Number(old.dataset.seq) >= Number(article.dataset.seq)) return;
    const hadFocus = old.contains(document.activeElement);
    old.replaceWith(article);
    settle(article);
    if (hadFocus) article.focus({ preventScroll: true });
  };

  const isOutside = ({ position }: Message): boolean => {
    const [first, last] = [numberOf(firstArticle(), 'position'), numberOf(lastArticle(), 'position')];
    if (last === undefined || first === undefined) return false;
    return (hasNewer && position > last) || (position < first && document.getElementById('older') !== null);
  };

  const place_ = (list: readonly Message[]): void => {
    const made = elementsOf(joinHtml(list.map((facts) => messageView(facts, place.reader))));
    for (const [index, article] of made.entries()) {
      const facts = list[index];
      if (!facts) continue;
      const old = find(facts.id);
      if (old) replace(old, article);
      else {
        insert(article, facts.position);
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
      if (first) settle(first);
      edgeLink('older', numberOf(first, 'position'));
    } else {
      document.getElementById('newer')?.remove();
      dropUntil(() => element.lastElementChild, isFull);
      dropUntil(
        () => element.lastElementChild,
        () => isArticle(element.lastElementChild),
      );
      hasNewer = true;
      edgeLink('newer', numberOf(lastArticle(), 'position'));
    }
  };

  const flush = (): void => {
    isScheduled = false;
    const last = numberOf(lastArticle(), 'position') ?? 0;
    const list = [...waiting.values()].filter((facts) => !isOutside(facts)).sort((a, b) => a.position - b.position);
    const taken = [...waiting.values()].filter(({ position }) => position > last);
    waiting.clear();
    const isFollowing = scroller.isAtEnd && !hasNewer;
    scroller.hold(() => {
      place_(list);
      for (const removal of removals.values()) bury(removal);
      removals.clear();
      trim(isFollowing ? 'older' : 'newer');
    });
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
      return numberOf(firstArticle(), 'position');
    },
    get last() {
      return numberOf(lastArticle(), 'position');
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
        place_(list);
        if (side === 'older') edgeLink('older', numberOf(firstArticle(), 'position'));
        else if (document.getElementById('newer')) edgeLink('newer', numberOf(lastArticle(), 'position'));
        trim(side === 'older' ? 'newer' : 'older');
      }),
    clear: () => element.replaceChildren(),
    flush,
  };
};
