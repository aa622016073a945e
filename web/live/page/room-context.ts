/** The open room as its element tells it: which room, who reads, in which zone. */
import type { Reader } from '../../views/message.ts';
import { zone } from './zone.ts';

export interface Place {
  readonly element: HTMLElement;
  readonly room: string;
  readonly roomName: string;
  readonly reader: Reader;
  /** What begins here ends when the page goes to another room. */
  readonly signal: AbortSignal;
}

export const placeOf = (element: HTMLElement, signal: AbortSignal): Place => {
  const { room = '', roomName = '', user = '', name = '' } = element.dataset;
  return { element, room, roomName, reader: { id: user, name, ...zone() }, signal };
};

/** An element that the server put into every room. @throws when it isn't there */
export const part = (id: string): HTMLElement => {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no #${id}`);
  return found;
};
