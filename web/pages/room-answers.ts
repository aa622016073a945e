/** What the services answer for a room's page. */
import {
  addKnownPerson,
  getRoom,
  listMessages,
  listRooms,
  listUnread,
  type Room,
  type Unread,
} from '@parley/client/api/chat';
import { countUnreadNotifications, markNotificationRead } from '@parley/client/api/notification';
import { listOnline, type Person } from '@parley/client/api/presence';
import type { UserVisit } from '../requests/visit.ts';
import { type Answer, valueOr } from '../services/call.ts';
import { MOST_PEOPLE } from '../views/sidebar.ts';
import { type ReadMark, readStretch, type Stretch, type Window } from './stretch.ts';

export interface RoomAnswers {
  readonly room: Answer<Room>;
  readonly stretch: Answer<Stretch>;
  readonly rooms: Answer<readonly Room[]>;
  readonly unread: Answer<readonly Unread[]>;
  readonly people: Answer<readonly Person[]>;
  readonly notificationCount: Answer<{ readonly unread_count: number }>;
  readonly mark: ReadMark;
}

export interface RoomSelection {
  readonly window: Window;
  /** The notification that the user followed to the page. */
  readonly notification: string | undefined;
}

/** If chat can't count, the room counts as read. */
const markOf = (unread: Answer<readonly Unread[]>, roomId: string, userId: string): ReadMark => {
  const entry = valueOr(unread, []).find(({ room_id }) => room_id === roomId);
  return { userId, position: entry?.read_position || undefined, unread: entry?.unread ?? 0 };
};

/** The number of unread notifications, after the followed one is marked as read. */
const countNotifications = async ({ services, session }: UserVisit, followed: string | undefined) => {
  const marked = followed === undefined ? undefined : await services.ask(markNotificationRead, { id: followed });
  // A service that didn't answer in time isn't asked again: the page would wait for it twice.
  if (marked?.ok === false && marked.status === 0) return marked;
  return services.ask(countUnreadNotifications, { user_id: session.id });
};

/**
 * Six calls at once, however much the room holds; seven around a message, eight where more is unread than one page holds. A part of the
 * history is read after the room. One more call isn't awaited: chat notes the user as a member of the room, so that others can mention
 * users whose browser runs no scripts. The calls mark no message as read, since only the browser knows what was on the screen.
 */
export const readRoom = async (
  visit: UserVisit,
  roomId: string,
  { window, notification }: RoomSelection,
): Promise<RoomAnswers> => {
  const { services, session } = visit;
  const { ask } = services;
  void ask(addKnownPerson, { room_id: roomId, user_id: session.id, username: session.name });
  const reading = ask(getRoom, { room_id: roomId });
  const counting = ask(listUnread, { user_id: session.id });
  const marking = counting.then((unread) => markOf(unread, roomId, session.id));
  const [room, stretch, rooms, unread, people, notificationCount, mark] = await Promise.all([
    reading,
    readStretch((page) => ask(listMessages, { room_id: roomId, ...page }), reading, marking, window),
    ask(listRooms, {}),
    counting,
    ask(listOnline, { limit: MOST_PEOPLE }),
    countNotifications(visit, notification),
    marking,
  ]);
  return { room, stretch, rooms, unread, people, notificationCount, mark };
};
