/** Elements of the page by their ids, as the views spell them. */
import type { Data, ElementId } from '../../views/ids.ts';

export const findElement = (id: ElementId): HTMLElement | null => document.getElementById(id);

/** An element that the server renders into every room. @throws {Error} when it is missing */
export const requireElement = (id: ElementId): HTMLElement => {
  const found = findElement(id);
  if (!found) throw new Error(`The page has no #${id}`);
  return found;
};

/** The `data-` attributes that the views have written. */
export const dataOf = ({ dataset }: HTMLElement): Data => dataset;
