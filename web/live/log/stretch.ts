/** Which stretch of the room is on the page: bounded, with links to what is beyond its ends. */
import { beginning } from '../../views/room.ts';
import type { Clock } from '../../views/time.ts';
import { elementOf } from '../page/markup.ts';
import type { Place } from '../page/room-context.ts';
import { isArticle, positionOf, settle } from './arrange.ts';

/** The most messages that are in the page at once. */
const MAX_SHOWN = 300;

export type Side = 'older' | 'newer';

export interface Stretch {
  /** Messages newer than those on the page exist and aren't shown. */
  hasNewer: boolean;
  /** The positions of its first and last message. */
  readonly first: number | undefined;
  readonly last: number | undefined;
  /** Whether a message belongs beyond its ends. */
  isOutside(position: number): boolean;
  /** Leads to what is beyond one end, from where that end is now. */
  link(side: Side): void;
  /** There is nothing older. */
  markBeginning(): void;
  /** Keeps the page bounded. @param side which end gives way */
  trim(side: Side): void;
}

export const createStretch = ({ element: main, room, roomName }: Place, log: HTMLElement, clock: Clock): Stretch => {
  const articles = log.getElementsByTagName('article');
  let hasNewer = main.dataset.hasNewer !== undefined;

  const first = () => positionOf(articles[0]);
  const last = () => positionOf(articles[articles.length - 1]);

  const link = (side: Side): void => {
    const isOlder = side === 'older';
    const edge = document.getElementById(side) ?? document.createElement('a');
    edge.id = side;
    edge.className = 'more';
    edge.textContent = isOlder ? 'Older messages' : 'Newer messages';
    edge.setAttribute('href', `/rooms/${room}?${isOlder ? 'before' : 'after'}=${(isOlder ? first() : last()) ?? 0}`);
    if (edge.isConnected) return;
    if (isOlder) log.prepend(edge);
    else log.append(edge);
  };

  const dropUntil = (child: () => Element | null, isDone: () => boolean): void => {
    while (!isDone()) child()?.remove();
  };

  const trim = (side: Side): void => {
    const isBounded = () => articles.length <= MAX_SHOWN;
    if (isBounded()) return;
    if (side === 'older') {
      document.getElementById('older')?.remove();
      document.getElementById('beginning')?.remove();
      dropUntil(() => log.firstElementChild, isBounded);
      if (articles[0]) settle(articles[0], clock);
    } else {
      document.getElementById('newer')?.remove();
      const end = () => log.lastElementChild;
      dropUntil(end, isBounded);
      dropUntil(end, () => isArticle(end()));
      hasNewer = true;
    }
    link(side);
  };

  return {
    get hasNewer() {
      return hasNewer;
    },
    set hasNewer(value) {
      hasNewer = value;
      if (!value) document.getElementById('newer')?.remove();
    },
    get first() {
      return first();
    },
    get last() {
      return last();
    },
    isOutside: (position) => {
      const [from, to] = [first(), last()];
      if (from === undefined || to === undefined) return false;
      return (hasNewer && position > to) || (position < from && document.getElementById('older') !== null);
    },
    link,
    markBeginning: () => {
      document.getElementById('older')?.remove();
      if (!document.getElementById('beginning')) log.prepend(elementOf(beginning(roomName)));
    },
    trim,
  };
};
