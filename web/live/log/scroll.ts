/**
 * Scrolling of the log. Its container is reversed: scrollTop 0 is the end. So the browser itself keeps the newest messages in view, and
 * messages added at the beginning move nothing. Other changes are made within `hold`.
 */
const END_WITHIN_PX = 60;
/** Tolerance: the browser reports fractions of pixels. */
const ROUNDING_PX = 1;

/** How long browsers animate a scroll by key or wheel. Setting scrollTop meanwhile shifts the animation and doesn't end it. */
const ANIMATED_MS = 500;

/** Events by which a reader begins to scroll. */
const SCROLL_EVENTS = ['wheel', 'touchstart', 'pointerdown', 'keydown'];

export interface Scroller {
  /** Whether the log is scrolled to its end. */
  readonly isAtEnd: boolean;
  /** The first message that is at least partly on the screen. */
  readonly firstShown: HTMLElement | undefined;
  /** The last message whose lower edge is on the screen or above it. */
  readonly lastEnded: HTMLElement | undefined;
  /** Scrolls to the end. A scroll animation that is still running is overridden; a new scroll by the reader isn't. */
  toEnd(): void;
  /**
   * Makes a change without moving the messages on the screen.
   * @param isFollowing at the end, keeps the end in view instead
   */
  hold(change: () => void, isFollowing: boolean): void;
}

/** How many articles end above a height on the screen. They are in order, so this is a binary search. */
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
  let staysUntilMs = 0;

  const stay = (now: number): void => {
    if (staysUntilMs === 0 || signal.aborted) return;
    scroll.scrollTop = 0;
    if (now < staysUntilMs) requestAnimationFrame(stay);
    else staysUntilMs = 0;
  };
  const release = (): void => {
    staysUntilMs = 0;
  };
  for (const type of SCROLL_EVENTS) document.addEventListener(type, release, { signal, capture: true, passive: true });

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
      const isStaying = staysUntilMs > 0;
      staysUntilMs = performance.now() + ANIMATED_MS;
      if (!isStaying) requestAnimationFrame(stay);
    },
    hold: (change, isFollowing) => {
      if (isFollowing && isAtEnd()) return change();
      const anchor = firstShown();
      // The lower edge: the upper one moves when the author's name is shown or hidden.
      const before = anchor?.getBoundingClientRect().bottom ?? 0;
      change();
      if (anchor?.isConnected) scroll.scrollTop += anchor.getBoundingClientRect().bottom - before;
    },
  };
};
