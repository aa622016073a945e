/** Who is online: tells that one is here, asks who else is, and says goodbye when the page is left. */
import { leavePage, listOnline, sendHeartbeat } from '@parley/client/api/presence';
import { MOST_PEOPLE, type PersonHere, peopleCount, peopleList, personLine } from '../../views/sidebar.ts';
import { call, requestUrl } from '../page/api.ts';
import { elementOf, elementsOf } from '../page/markup.ts';
import type { Place } from '../page/room-context.ts';
import { endMissing } from '../page/unavailable.ts';

const HEARTBEAT_MS = 15_000;
const SOON_MS = 400;
const SPREAD_MS = 2_000;

export interface People {
  add(person: PersonHere): void;
  /** Someone went: asks again soon, not all at one moment when many hear of it. */
  lookAgain(): void;
}

export const createPeople = ({ reader, signal }: Place): People => {
  const { device = '' } = document.documentElement.dataset;
  let soon: ReturnType<typeof setTimeout> | undefined;

  const showCount = ({ childElementCount: shown }: HTMLElement): void => {
    const count = document.getElementById('people-count');
    if (count) count.textContent = peopleCount(shown);
  };

  const show = async (): Promise<void> => {
    const people = await call(listOnline, { limit: MOST_PEOPLE });
    const list = document.getElementById('people');
    if (signal.aborted || !list) return;
    list.replaceChildren(...elementsOf(peopleList(people, reader)));
    endMissing(list);
    showCount(list);
  };

  /** What can't be told or asked now is told and asked the next time. */
  const beat = async (): Promise<void> => {
    await call(sendHeartbeat, { user_id: reader.id, username: reader.name, device }).catch(() => undefined);
    await show().catch(() => undefined);
  };

  const timer = setInterval(() => void beat(), HEARTBEAT_MS);
  void beat();
  window.addEventListener(
    'pagehide',
    () => navigator.sendBeacon(requestUrl(leavePage, { user_id: reader.id, device })),
    { signal },
  );
  signal.addEventListener('abort', () => {
    clearInterval(timer);
    clearTimeout(soon);
  });

  return {
    add: (person) => {
      const list = document.getElementById('people');
      const isThere = [...(list?.children ?? [])].some((line) => line.getAttribute('data-user') === person.user_id);
      if (!list || isThere || list.childElementCount >= MOST_PEOPLE) return;
      list.append(elementOf(personLine(person, reader)));
      showCount(list);
    },
    lookAgain: () => {
      soon ??= setTimeout(
        () => {
          soon = undefined;
          // Not answered now, it is asked again with the next heartbeat.
          void show().catch(() => undefined);
        },
        SOON_MS + Math.random() * SPREAD_MS,
      );
    },
  };
};
