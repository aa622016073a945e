/** What every part of an open room needs, read from the room's element as the server rendered it. */
import type { Reader } from '../../views/message.ts';
import { dataOf } from './elements.ts';
import { zone } from './zone.ts';

export interface RoomContext {
  readonly element: HTMLElement;
  readonly room: string;
  readonly roomName: string;
  readonly reader: Reader;
  /** Aborted when the page goes to another room. Listeners, timers and requests of the room end with it. */
  readonly signal: AbortSignal;
}

export const roomContextOf = (element: HTMLElement, signal: AbortSignal): RoomContext => {
  const { room = '', roomName = '', user = '', name = '' } = dataOf(element);
  return { element, room, roomName, reader: { id: user, name, ...zone() }, signal };
};
