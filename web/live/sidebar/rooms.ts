/** The list of rooms in the sidebar. */
import { listRooms } from '@parley/client/api/chat';
import { compareRooms, namesakeKey, roomLabel, roomLink, roomList } from '../../views/sidebar.ts';
import type { Takes } from '../connection/frames.ts';
import { call } from '../page/api.ts';
import { dataOf, findElement } from '../page/elements.ts';
import { elementOf, elementsOf } from '../page/markup.ts';
import { isUnavailable, removeNotice } from '../page/unavailable.ts';

let scrolledPx = 0;

const lists = (): Element | null => document.querySelector('.lists');

/** Each page brings its own list: remembers how far the list was scrolled for `showCurrentRoom` on the next page. */
export const rememberScrolled = (): void => {
  scrolledPx = lists()?.scrollTop ?? 0;
};

/** Scrolls the list to where it was on the page before, and the open room into view. */
export const showCurrentRoom = (): void => {
  lists()?.scroll(0, scrolledPx);
  document.querySelector('#rooms [aria-current]')?.scrollIntoView({ block: 'nearest' });
};

export const roomLinks = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('#rooms a[data-room]')];

export const roomOf = (link: HTMLElement): { id: string; name: string } => ({
  id: dataOf(link).room ?? '',
  name: link.querySelector('.label')?.textContent ?? '',
});

/** Adds a room to the list at its place in the order, unless it is listed. */
const addRoom = ({ room_id: id, name }: { readonly room_id: string; readonly name: string }): void => {
  const links = roomLinks();
  if (links.some(({ dataset }) => dataset.room === id)) return;
  const hasNamesake = links.some((link) => namesakeKey(roomOf(link).name) === namesakeKey(name));
  const line = elementOf(roomLink({ id, name }, { hasNamesake }));
  const next = links.find((link) => compareRooms(roomOf(link), { id, name }) > 0)?.closest('li');
  if (next) next.before(line);
  else findElement('rooms')?.append(line);
};

export const roomListFrames: Takes<'room_created'> = { room_created: addRoom };

/** Puts the room's name where the server, without an answer of chat, rendered its id. */
const nameCurrentRoom = (name: string): void => {
  const label = roomLabel(name);
  const heading = document.querySelector('.room-title bdi');
  if (heading) heading.textContent = label;
  findElement('text')?.setAttribute('placeholder', `Message #${label}`);
};

/** Loads the list of rooms if the server rendered the page without it. @param current the id of the open room */
export const showMissingRooms = async (current: string): Promise<void> => {
  const list = findElement('rooms');
  if (!list || !isUnavailable(list)) return;
  const listed = await call(listRooms, {});
  // The page may show another room by now.
  if (!list.isConnected) return;
  // Rooms that were created after chat made its answer.
  const added = roomLinks().map(roomOf);
  list.replaceChildren(...elementsOf(roomList(listed, current, () => 0)));
  for (const { id, name } of added) addRoom({ room_id: id, name });
  const open = listed.find(({ id }) => id === current);
  if (open) nameCurrentRoom(open.name);
  removeNotice(list);
};
