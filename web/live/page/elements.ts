/** Elements of the page by their ids. */

export const findElement = (id: string): HTMLElement | null => document.getElementById(id);

/** An element that the server renders into every room. @throws {Error} when it is missing */
export const requireElement = (id: string): HTMLElement => {
  const found = findElement(id);
  if (!found) throw new Error(`The page has no #${id}`);
  return found;
};
