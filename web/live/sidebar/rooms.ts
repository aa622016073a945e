/** The list of rooms beside the conversation. */
import { listRooms } from '@parley/client/api/chat';
import { compareRooms, namesakeKey, roomLabel, roomLink, roomList } from '../../views/sidebar.ts';
import { call } from '../page/api.ts';
import { elementOf, elementsOf } from '../page/markup.ts';
import { endMissing, isMissing } from '../page/unavailable.ts';

let scrolledPx = 0;

const lists = (): Element | null => document.querySelector('.lists');

/** Each page brings its own list. */
export const rememberScrolled = (): void => {
  scrolledPx = lists()?.scrollTop ?? 0;
};

/** The list stands where it stood, with the open room in view. */
export const showCurrent = (): void => {
  lists()?.scroll(0, scrolledPx);
  document.querySelector('#rooms [aria-current]')?.scrollIntoView({ block: 'nearest' });
};

export const roomLinks = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('#rooms a[data-room]')];

export const roomOf = (link: HTMLElement): { id: string; name: string } => ({
  id: link.dataset.room ?? '',
  name: link.querySelector('.label')?.textContent ?? '',
});

/** Shows a room that someone has made, where it belongs in the list. */
export const showNewRoom = ({ room_id: id, name }: { room_id: string; name: string }): void => {
  const links = roomLinks();
  if (links.some(({ dataset }) => dataset.room === id)) return;
  const hasNamesake = links.some((link) => namesakeKey(roomOf(link).name) === namesakeKey(name));
  const line = elementOf(roomLink({ id, name }, { hasNamesake }));
  const next = links.find((link) => compareRooms(roomOf(link), { id, name }) > 0)?.closest('li');
  if (next) next.before(line);
  else document.getElementById('rooms')?.append(line);
};

/** A page that came without its room says the id where the name belongs. */
const nameCurrent = (name: string): void => {
  const label = roomLabel(name);
  const heading = document.querySelector('.room-title bdi');
  if (heading) heading.textContent = label;
  document.getElementById('text')?.setAttribute('placeholder', `Message #${label}`);
};

/** Lists the rooms if the page came without them. @param current the one that is open */
export const showMissingRooms = async (current: string): Promise<void> => {
  const list = document.getElementById('rooms');
  if (!list || !isMissing(list)) return;
  const listed = await call(listRooms, {});
  // The page is another room's by now.
  if (!list.isConnected) return;
  // One that was made while the answer was on its way may not be in it.
  const made = roomLinks().map(roomOf);
  list.replaceChildren(...elementsOf(roomList(listed, current, () => 0)));
  for (const { id, name } of made) showNewRoom({ room_id: id, name });
  const open = listed.find(({ id }) => id === current);
  if (open) nameCurrent(open.name);
  endMissing(list);
};
