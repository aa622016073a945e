/** Who is online: tells that one is here, asks who else is, and says goodbye when the page is left. */
import { peopleList } from '../views/sidebar.ts';
import { heartbeat, offlinePath, online } from './api.ts';
import type { Place } from './place.ts';
import { elementsOf } from './trust.ts';

const HEARTBEAT_MS = 15_000;
const SOON_MS = 400;

export interface People {
  /** Someone came or went: look again soon. */
  refresh(): void;
}

export const createPeople = ({ reader, signal }: Place): People => {
  const others = new BroadcastChannel('parley:here');
  let soon: ReturnType<typeof setTimeout> | undefined;

  const show = async (): Promise<void> => {
    const people = await online();
    const list = document.getElementById('people');
    const count = document.getElementById('people-count');
    if (signal.aborted || !list) return;
    list.replaceChildren(...elementsOf(peopleList(people, reader)));
    if (count) count.textContent = people.length > 0 ? String(people.length) : '';
  };

  /** What can't be told or asked now is told and asked the next time. */
  const beat = async (): Promise<void> => {
    await heartbeat(reader.id, reader.name).catch(() => undefined);
    await show().catch(() => undefined);
  };

  const timer = setInterval(() => void beat(), HEARTBEAT_MS);
  void beat();
  // Another tab of the same person that goes takes them offline; this one is still here.
  others.addEventListener('message', () => setTimeout(() => void beat(), SOON_MS));
  window.addEventListener(
    'pagehide',
    () => {
      navigator.sendBeacon(offlinePath(reader.id));
      others.postMessage('gone');
    },
    { signal },
  );
  signal.addEventListener('abort', () => {
    clearInterval(timer);
    clearTimeout(soon);
    others.close();
  });

  return {
    refresh: () => {
      clearTimeout(soon);
      soon = setTimeout(() => void show().catch(() => undefined), SOON_MS);
    },
  };
};
