/**
 * Lists that the server rendered without their content, because a service did not answer: a notice stands before such a list, until
 * the browser has loaded the content.
 */

const noticeBefore = (list: Element): Element | undefined => {
  const notice = list.previousElementSibling;
  return notice?.classList.contains('missing') ? notice : undefined;
};

export const isUnavailable = (list: Element): boolean => noticeBefore(list) !== undefined;

export const removeNotice = (list: Element): void => noticeBefore(list)?.remove();
