/** Who is online. Heartbeats report the reader's presence and refresh the list; leaving the page reports the absence. */
import { leavePage, listOnline, sendHeartbeat } from '@parley/client/api/presence';
import { MOST_PEOPLE, type PersonHere, peopleCount, peopleList, personLine } from '../../views/sidebar.ts';
import type { Takes } from '../connection/frames.ts';
import { call, requestUrl } from '../page/api.ts';
import { findElement } from '../page/elements.ts';
import { elementOf, elementsOf } from '../page/markup.ts';
import type { RoomContext } from '../page/room-context.ts';
import { removeNotice } from '../page/unavailable.ts';

const HEARTBEAT_MS = 15_000;
const REFRESH_AFTER_MS = 400;
/** Everybody in the room receives `user_left` at the same moment: their requests are spread over this time. */
const REFRESH_SPREAD_MS = 2_000;

export interface People {
  readonly frames: Takes<'user_joined' | 'user_left'>;
}

const showCount = ({ childElementCount: shown }: HTMLElement): void => {
  const count = findElement('people-count');
  if (count) count.textContent = peopleCount(shown);
};

export const createPeople = ({ reader, signal }: RoomContext): People => {
  const { device = '' } = document.documentElement.dataset;
  let refreshTimer: ReturnType<typeof setTimeout> | undefined;

  const refresh = async (): Promise<void> => {
    const people = await call(listOnline, { limit: MOST_PEOPLE });
    const list = findElement('people');
    if (signal.aborted || !list) return;
    list.replaceChildren(...elementsOf(peopleList(people, reader)));
    removeNotice(list);
    showCount(list);
  };

  const add = (person: PersonHere): void => {
    const list = findElement('people');
    const isListed = [...(list?.children ?? [])].some((line) => line.getAttribute('data-user') === person.user_id);
    if (!list || isListed || list.childElementCount >= MOST_PEOPLE) return;
    list.append(elementOf(personLine(person, reader)));
    showCount(list);
  };

  /** Failed requests are not retried: the next heartbeat makes both again. */
  const beat = async (): Promise<void> => {
    await call(sendHeartbeat, { user_id: reader.id, username: reader.name, device }).catch(() => undefined);
    await refresh().catch(() => undefined);
  };

  const refreshSoon = (): void => {
    refreshTimer ??= setTimeout(
      () => {
        refreshTimer = undefined;
        void refresh().catch(() => undefined);
      },
      REFRESH_AFTER_MS + Math.random() * REFRESH_SPREAD_MS,
    );
  };

  const leave = () => navigator.sendBeacon(requestUrl(leavePage, { user_id: reader.id, device }));

  const timer = setInterval(() => void beat(), HEARTBEAT_MS);
  void beat();
  window.addEventListener('pagehide', leave, { signal });
  signal.addEventListener('abort', () => {
    clearInterval(timer);
    clearTimeout(refreshTimer);
  });

  return { frames: { user_joined: add, user_left: refreshSoon } };
};
