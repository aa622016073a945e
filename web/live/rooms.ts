/** The list of rooms beside the conversation. */
import { roomLink } from '../views/sidebar.ts';
import { elementOf } from './trust.ts';

/** Shows a room that someone has made, where it belongs in the list: by id. */
export const showNewRoom = ({ room_id: id, name }: { room_id: string; name: string }): void => {
  const links = [...document.querySelectorAll<HTMLElement>('#rooms a[data-room]')];
  if (links.some(({ dataset }) => dataset.room === id)) return;
  const line = elementOf(roomLink({ id, name }, 0, false));
  const next = links.find(({ dataset }) => (dataset.room ?? '') > id)?.closest('li');
  if (next) next.before(line);
  else document.getElementById('rooms')?.append(line);
};
