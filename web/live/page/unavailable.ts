/** Parts that a service couldn't give when the page was made: a line before each says so, until the part is there. */

const lineBefore = (list: Element): Element | undefined => {
  const line = list.previousElementSibling;
  return line?.classList.contains('missing') ? line : undefined;
};

export const isMissing = (list: Element): boolean => lineBefore(list) !== undefined;

export const endMissing = (list: Element): void => lineBefore(list)?.remove();
