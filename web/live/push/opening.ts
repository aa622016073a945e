/** Where a pressed notification of the device opens: in a tab of ours that shows a room, else in a new one. */
import { isRoomPath, roomPath } from '../../views/paths.ts';

/** What the notification service pushes. */
export interface Pushed {
  readonly id?: string;
  readonly title?: string;
  readonly body?: string;
  readonly room_id?: string | null;
  readonly position?: number | null;
}

/** A tab of this origin. */
export interface Tab {
  readonly url: string;
  focus(): Promise<unknown>;
  postMessage(message: unknown, ports: readonly MessagePort[]): void;
}

export interface Tabs {
  matchAll(options: { type: 'window'; includeUncontrolled: true }): Promise<readonly Tab[]>;
  openWindow(url: string): Promise<unknown>;
}

/** A tab that doesn't answer within this time is frozen, or isn't a page of ours after all. */
const ANSWER_MS = 1_500;

export const pathOf = ({ room_id, position, id }: Pushed): string =>
  room_id ? roomPath({ roomId: room_id, position, notificationId: id }) : '/notifications';

const pathIn = ({ url }: Tab): string => new URL(url).pathname;

/** The tab that is to show a path: one that is in its room, else the one used last of those that show a room. */
const tabFor = (tabs: readonly Tab[], path: string): Tab | undefined => {
  const inRooms = tabs.filter((tab) => isRoomPath(pathIn(tab)));
  const room = path.split(/[/?]/)[2];
  return inRooms.find((tab) => pathIn(tab).split('/')[2] === room) ?? inRooms[0];
};

/** @returns whether the tab goes there */
const handOver = async (tab: Tab, path: string): Promise<boolean> => {
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise<boolean>((resolve) => {
    port1.onmessage = () => resolve(true);
    setTimeout(() => resolve(false), ANSWER_MS);
  });
  tab.postMessage({ visit: path }, [port2]);
  return answer.finally(() => port1.close());
};

/** Shows a path in one of the tabs, whoever is signed in there by now; the server leads to the door where nobody is. */
export const open = async (tabs: Tabs, path: string): Promise<void> => {
  const tab = isRoomPath(path)
    ? tabFor(await tabs.matchAll({ type: 'window', includeUncontrolled: true }), path)
    : undefined;
  // A browser may refuse to bring a tab forward. It shows the room all the same.
  await tab?.focus().catch(() => undefined);
  if (!tab || !(await handOver(tab, path))) await tabs.openWindow(path);
};
