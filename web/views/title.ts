/** What stands in the browser's tab. */
export const siteTitle = (title: string): string => `${title} · Parley`;

/** @param label the room's name without its mark */
export const roomTitle = (label: string): string => siteTitle(`#${label}`);
