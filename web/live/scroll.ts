/**
 * The conversation's scrolling. Its container is reversed: 0 is the end, so the newest stays in view by itself, and what is added at
 * the beginning moves nothing. Changes elsewhere are made within `hold`.
 */
const END_WITHIN_PX = 60;

export interface Scroller {
  /** The reader is at the end of what is shown. */
  readonly isAtEnd: boolean;
  toEnd(): void;
  /**
   * Makes a change without moving what the reader looks at.
   * @param isFollowing at the end, the end stays in view instead
   */
  hold(change: () => void, isFollowing: boolean): void;
}

const firstVisible = (scroll: HTMLElement, log: HTMLElement): Element | undefined => {
  const top = scroll.getBoundingClientRect().top;
  const articles = log.querySelectorAll('article');
  let [low, high] = [0, articles.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const article = articles[middle];
    if (article && article.getBoundingClientRect().bottom <= top) low = middle + 1;
    else high = middle;
  }
  return articles[low];
};

export const createScroller = (scroll: HTMLElement, log: HTMLElement): Scroller => {
  const isAtEnd = () => scroll.scrollTop > -END_WITHIN_PX;
  return {
    get isAtEnd() {
      return isAtEnd();
    },
    toEnd: () => {
      scroll.scrollTop = 0;
    },
    hold: (change, isFollowing) => {
      if (isFollowing && isAtEnd()) return change();
      const anchor = firstVisible(scroll, log);
      // Its lower edge: the upper moves when its author's name comes or goes with a new neighbour above.
      const before = anchor?.getBoundingClientRect().bottom ?? 0;
      change();
      if (anchor?.isConnected) scroll.scrollTop += anchor.getBoundingClientRect().bottom - before;
    },
  };
};
