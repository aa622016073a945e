/** The stretch of the room that the log shows: a bounded number of messages, with links to what lies beyond its ends. */
import type { ElementId } from '../../views/ids.ts';
import { historyPath } from '../../views/paths.ts';
import { beginning, historyLink } from '../../views/room.ts';
import type { Clock } from '../../views/time.ts';
import { dataOf, findElement } from '../page/elements.ts';
import { elementOf } from '../page/markup.ts';
import type { RoomContext } from '../page/room-context.ts';
import { arrange, isArticle, positionOf } from './arrange.ts';

const MAX_SHOWN = 300;

export type Side = 'older' | 'newer';

export interface Stretch {
  /** The room has messages after the last one that is shown. */
  hasNewer: boolean;
  /** The positions of the first and the last message that are shown. */
  readonly first: number | undefined;
  readonly last: number | undefined;
  /** Whether a position lies beyond an end behind which there are more messages. */
  isOutside(position: number): boolean;
  /** Adds or updates the link to the messages beyond an end. */
  link(side: Side): void;
  /** Shows that the room has no older messages. */
  markBeginning(): void;
  /** Removes messages from an end until no more than the maximum are shown. */
  trim(side: Side): void;
}

export interface StretchDeps {
  readonly context: Pick<RoomContext, 'element' | 'room' | 'roomName'>;
  readonly log: HTMLElement;
  readonly clock: Clock;
}

const remove = (id: ElementId): void => findElement(id)?.remove();

const removeUntil = (child: () => Element | null, isDone: () => boolean): void => {
  while (!isDone()) child()?.remove();
};

export const createStretch = ({ context, log, clock }: StretchDeps): Stretch => {
  const { element, room, roomName } = context;
  const articles = log.getElementsByTagName('article');
  let hasNewer = dataOf(element).hasNewer !== undefined;

  const first = () => positionOf(articles[0]);
  const last = () => positionOf(articles[articles.length - 1]);

  const link = (side: Side): void => {
    const position = (side === 'older' ? first() : last()) ?? 0;
    const shown = findElement(side);
    if (shown) return shown.setAttribute('href', historyPath(room, side, position));
    const added = elementOf(historyLink(room, side, position));
    if (side === 'older') log.prepend(added);
    else log.append(added);
  };

  const isBounded = () => articles.length <= MAX_SHOWN;

  const trimOlder = (): void => {
    remove('older');
    remove('beginning');
    removeUntil(() => log.firstElementChild, isBounded);
    if (articles[0]) arrange(articles[0], clock);
  };

  const trimNewer = (): void => {
    remove('newer');
    const end = () => log.lastElementChild;
    removeUntil(end, isBounded);
    // A divider may be left at the end.
    removeUntil(end, () => isArticle(end()));
    hasNewer = true;
  };

  return {
    get hasNewer() {
      return hasNewer;
    },
    set hasNewer(value) {
      hasNewer = value;
      if (!value) remove('newer');
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
      return (hasNewer && position > to) || (position < from && findElement('older') !== null);
    },
    link,
    markBeginning: () => {
      remove('older');
      if (!findElement('beginning')) log.prepend(elementOf(beginning(roomName)));
    },
    trim: (side) => {
      if (isBounded()) return;
      if (side === 'older') trimOlder();
      else trimNewer();
      link(side);
    },
  };
};
