/**
 * The conversation's scrolling. Its container is reversed: 0 is the end, so the newest stays in view by itself, and what is added at
 * the beginning moves nothing. Changes elsewhere are made within `hold`.
 */
const END_WITHIN_PX = 60;
/** Positions on the screen are fractions of a pixel. */
const ROUNDING_PX = 1;

/**
 * A scroll that the browser animates (by a key, a wheel) goes on for about so long: a position that is set meanwhile shifts the rest of
 * its way and doesn't end it.
 */
const ANIMATED_MS = 500;

/** By what a reader scrolls. */
const SCROLLED_BY = ['wheel', 'touchstart', 'pointerdown', 'keydown'];

export interface Scroller {
  /** The reader is at the end of what is shown. */
  readonly isAtEnd: boolean;
  /** The first message of which something is on the screen. */
  readonly firstShown: HTMLElement | undefined;
  /** The last message whose end is on the screen, or above it. */
  readonly lastEnded: HTMLElement | undefined;
  /** Goes to the end and stays there, though a scroll is still under way, until the reader scrolls anew. */
  toEnd(): void;
  /**
   * Makes a change without moving what the reader looks at.
   * @param isFollowing at the end, the end stays in view instead
   */
  hold(change: () => void, isFollowing: boolean): void;
}

/** How many articles, from the first, end above a height of the screen. */
const countAbove = (articles: ArrayLike<HTMLElement>, y: number): number => {
  let [low, high] = [0, articles.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const article = articles[middle];
    if (article && article.getBoundingClientRect().bottom <= y) low = middle + 1;
    else high = middle;
  }
  return low;
};

export const createScroller = (scroll: HTMLElement, log: HTMLElement, signal: AbortSignal): Scroller => {
  const articles = log.getElementsByTagName('article');
  const isAtEnd = () => scroll.scrollTop > -END_WITHIN_PX;
  const firstShown = () => articles[countAbove(articles, scroll.getBoundingClientRect().top)];
  let staysUntil = 0;

  const stay = (now: number): void => {
    if (staysUntil === 0 || signal.aborted) return;
    scroll.scrollTop = 0;
    if (now < staysUntil) requestAnimationFrame(stay);
    else staysUntil = 0;
  };
  const letGo = (): void => {
    staysUntil = 0;
  };
  for (const type of SCROLLED_BY) document.addEventListener(type, letGo, { signal, capture: true, passive: true });

  return {
    get isAtEnd() {
      return isAtEnd();
    },
    get firstShown() {
      return firstShown();
    },
    get lastEnded() {
      return articles[countAbove(articles, scroll.getBoundingClientRect().bottom + ROUNDING_PX) - 1];
    },
    toEnd: () => {
      scroll.scrollTop = 0;
      const isStaying = staysUntil > 0;
      staysUntil = performance.now() + ANIMATED_MS;
      if (!isStaying) requestAnimationFrame(stay);
    },
    hold: (change, isFollowing) => {
      if (isFollowing && isAtEnd()) return change();
      const anchor = firstShown();
      // Its lower edge: the upper moves when its author's name comes or goes with a new neighbour above.
      const before = anchor?.getBoundingClientRect().bottom ?? 0;
      change();
      if (anchor?.isConnected) scroll.scrollTop += anchor.getBoundingClientRect().bottom - before;
    },
  };
};
