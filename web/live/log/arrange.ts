/** The order of the log's elements: each message at its position, day dividers between, names where they aren't repeated. */
import { dayDivider, isGrouped, type Neighbour, startsDay } from '../../views/log.ts';
import type { Clock } from '../../views/time.ts';
import { elementOf } from '../page/markup.ts';

export const isArticle = (element: Element | null): element is HTMLElement => element?.tagName === 'ARTICLE';

export const positionOf = (article: HTMLElement | undefined): number | undefined =>
  article ? Number(article.dataset.position) : undefined;

export const nextArticle = (
  article: Element,
  direction: 'previousElementSibling' | 'nextElementSibling',
): HTMLElement | undefined => {
  let at = article[direction];
  while (at && !isArticle(at)) at = at[direction];
  return isArticle(at) ? at : undefined;
};

const neighbourOf = (article: HTMLElement): Neighbour => ({
  at: Number(article.dataset.at),
  userId: article.dataset.user ?? '',
  type: article.dataset.type ?? 'text',
});

/** What stands between a message and the one before it. */
const between = (article: HTMLElement, before: HTMLElement | undefined): Element[] => {
  const found: Element[] = [];
  for (let at = article.previousElementSibling; at && at !== before; at = at.previousElementSibling) found.push(at);
  return found;
};

/** Gives a message the divider it needs, takes one it doesn't, and shows its author's name unless it repeats. */
export const settle = (article: HTMLElement, clock: Clock): void => {
  const before = nextArticle(article, 'previousElementSibling');
  const inBetween = between(article, before);
  const [here, last] = [neighbourOf(article), before && neighbourOf(before)];
  const divider = inBetween.find(({ classList }) => classList.contains('day'));
  const isAfterLine = inBetween.some(({ classList }) => classList.contains('new-line'));
  const isNewDay = startsDay(last, here, clock);
  const isRight = divider?.getAttribute('data-day') === clock.dayKey(here.at);
  if (divider && !(isNewDay && isRight)) divider.remove();
  if (isNewDay && !isRight) {
    const made = elementOf(dayDivider(here.at, Date.now(), clock));
    if (before) before.after(made);
    else article.before(made);
  }
  article.classList.toggle('grouped', !isAfterLine && isGrouped(last, here, clock));
};

/** Puts a message in its place. Searched from the end, where what comes live belongs. */
export const insert = (log: HTMLElement, article: HTMLElement, position: number): void => {
  const articles = log.getElementsByTagName('article');
  let after = articles[articles.length - 1];
  while (after && Number(after.dataset.position) > position) after = nextArticle(after, 'previousElementSibling');
  if (after) return after.after(article);
  const next = articles[0];
  const above = next?.previousElementSibling;
  const boundary = above?.classList.contains('day') ? above : (next ?? log.querySelector('#newer'));
  if (boundary) boundary.before(article);
  else log.append(article);
};
