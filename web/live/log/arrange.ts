/** The order of the log's elements: messages by position, day dividers between them, author names only where they change. */
import { dayDivider, isGrouped, type Neighbour, startsDay } from '../../views/log.ts';
import type { Clock } from '../../views/time.ts';
import { dataOf, findElement } from '../page/elements.ts';
import { elementOf } from '../page/markup.ts';

export const isArticle = (element: Element | null): element is HTMLElement => element?.tagName === 'ARTICLE';

export const positionOf = (article: HTMLElement | undefined): number | undefined =>
  article ? Number(dataOf(article).position) : undefined;

/** The nearest message before or after an element. */
export const nextArticle = (
  element: Element,
  direction: 'previousElementSibling' | 'nextElementSibling',
): HTMLElement | undefined => {
  let at = element[direction];
  while (at && !isArticle(at)) at = at[direction];
  return isArticle(at) ? at : undefined;
};

const neighbourOf = (article: HTMLElement): Neighbour => {
  const { at, user = '', type = 'text' } = dataOf(article);
  return { at: Number(at), userId: user, type };
};

/** The dividers between a message and the previous one. */
const dividersBefore = (article: HTMLElement, previous: HTMLElement | undefined): Element[] => {
  const found: Element[] = [];
  for (let at = article.previousElementSibling; at && at !== previous; at = at.previousElementSibling) found.push(at);
  return found;
};

/** Adds or removes the day divider before a message, and shows its author's name unless it repeats the previous one. */
export const arrange = (article: HTMLElement, clock: Clock): void => {
  const previous = nextArticle(article, 'previousElementSibling');
  const dividers = dividersBefore(article, previous);
  const [here, last] = [neighbourOf(article), previous && neighbourOf(previous)];
  const day = dividers.find(({ classList }) => classList.contains('day'));
  const isAfterNewLine = dividers.some(({ classList }) => classList.contains('new-line'));
  const isNewDay = startsDay(last, here, clock);
  const isRightDay = day?.getAttribute('data-day') === clock.dayKey(here.at);
  if (day && !(isNewDay && isRightDay)) day.remove();
  if (isNewDay && !isRightDay) {
    const added = elementOf(dayDivider(here.at, Date.now(), clock));
    if (previous) previous.after(added);
    else article.before(added);
  }
  article.classList.toggle('grouped', !isAfterNewLine && isGrouped(last, here, clock));
};

/** Inserts a message at its position. Searches from the end, where most new messages belong. */
export const insert = (log: HTMLElement, article: HTMLElement, position: number): void => {
  const articles = log.getElementsByTagName('article');
  let after = articles[articles.length - 1];
  while (after && Number(dataOf(after).position) > position) after = nextArticle(after, 'previousElementSibling');
  if (after) return after.after(article);
  const first = articles[0];
  const above = first?.previousElementSibling;
  const boundary = above?.classList.contains('day') ? above : (first ?? findElement('newer'));
  if (boundary) boundary.before(article);
  else log.append(article);
};
