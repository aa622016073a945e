/** Titles of pages, as the browser's tab shows them. */
import { labelOf } from './label.ts';

export const siteTitle = (title: string): string => `${labelOf(title)} · Parley`;

/** @param label the room's name without `#` */
export const roomTitle = (label: string): string => siteTitle(`#${label}`);
