/** Titles of pages, as the browser's tab shows them. */
export const siteTitle = (title: string): string => `${title} · Parley`;

/** @param label the room's name without `#` */
export const roomTitle = (label: string): string => siteTitle(`#${label}`);
