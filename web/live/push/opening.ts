/** Opens the target of a pressed notification: in a tab that shows a room, else in a new tab. */
import { isRoomPath, NOTIFICATIONS_PATH, roomPath } from '../../views/paths.ts';

/** What a notification is about, as the notification service pushes it. */
export interface PushTarget {
  readonly id?: string;
  readonly room_id?: string | null;
  readonly position?: number | null;
}

/** A tab of this origin: the worker's `WindowClient`. */
export interface Tab {
  readonly url: string;
  focus(): Promise<unknown>;
  postMessage(message: unknown, ports: readonly MessagePort[]): void;
}

export interface Tabs {
  matchAll(options: { type: 'window'; includeUncontrolled: true }): Promise<readonly Tab[]>;
  openWindow(url: string): Promise<unknown>;
}

/** A tab that doesn't answer in this time is frozen, or isn't a page of Parley. */
const ANSWER_MS = 1_500;

export const pathOf = ({ room_id, position, id }: PushTarget): string =>
  room_id ? roomPath({ roomId: room_id, position, notificationId: id }) : NOTIFICATIONS_PATH;

const pathIn = ({ url }: Tab): string => new URL(url).pathname;

/** The tab to show a path: a tab in its room, else the most recently used tab that shows a room. */
const tabFor = (tabs: readonly Tab[], path: string): Tab | undefined => {
  const inRooms = tabs.filter((tab) => isRoomPath(pathIn(tab)));
  const room = path.split(/[/?]/)[2];
  return inRooms.find((tab) => pathIn(tab).split('/')[2] === room) ?? inRooms[0];
};

/** Asks a tab to show a path. @returns whether the tab has confirmed */
const handOver = async (tab: Tab, path: string): Promise<boolean> => {
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise<boolean>((resolve) => {
    port1.onmessage = () => resolve(true);
    setTimeout(() => resolve(false), ANSWER_MS);
  });
  tab.postMessage({ visit: path }, [port2]);
  return answer.finally(() => port1.close());
};

/** Shows a path in an open tab or a new one. Where nobody is signed in, the server redirects to the sign-in page. */
export const open = async (tabs: Tabs, path: string): Promise<void> => {
  const tab = isRoomPath(path)
    ? tabFor(await tabs.matchAll({ type: 'window', includeUncontrolled: true }), path)
    : undefined;
  // The browser may refuse to focus the tab. The tab shows the room anyway.
  await tab?.focus().catch(() => undefined);
  if (!tab || !(await handOver(tab, path))) await tabs.openWindow(path);
};
