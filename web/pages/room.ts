/** A room's page: the newest messages, older ones, or those around one that a link points at. */

import {
  addMember,
  getRoom,
  listMessages,
  listRooms,
  listUnread,
  type Room,
  type Unread,
} from '@parley/client/api/chat';
import { countUnreadNotifications, markNotificationRead } from '@parley/client/api/notification';
import { listOnline } from '@parley/client/api/presence';
import { RoomId } from '@parley/kit/text/text';
import { t } from 'elysia';
import { hidden, pageRoutes } from '../requests/page-routes.ts';
import type { Responder } from '../requests/responder.ts';
import { goTo } from '../requests/responses.ts';
import { ROOM_COOKIE, rememberCookie, type UserVisit } from '../requests/visit.ts';
import { type Answer, valueOr } from '../services/call.ts';
import { sheet } from '../views/form.ts';
import { type Html, html } from '../views/html.ts';
import { newestPath, roomPath } from '../views/paths.ts';
import { type RoomFacts, room, roomPage } from '../views/room.ts';
import { MOST_PEOPLE, roomLabel, sidebar } from '../views/sidebar.ts';
import { NOTHING_READ, type ReadMark, readStretch, type Window } from './stretch.ts';

/** Chat lists the first rooms that were made: the one that is open is in the list all the same. */
const withCurrent = (rooms: readonly Room[], current: Answer<Room>): readonly Room[] =>
  !current.ok || rooms.some(({ id }) => id === current.value.id) ? rooms : [...rooms, current.value];

/** Ids differ by more than case: who writes an address in another one means this room, and can't make one. */
const inOtherCase = (rooms: readonly Room[], roomId: string): Room | undefined =>
  rooms.find(({ id }) => id.toLowerCase() === roomId.toLowerCase());

const unknownRoom = (roomId: string): Html =>
  sheet(
    'There is no such room',
    html`<p>Nobody has made a room at <bdi>#${roomId}</bdi> yet.</p><p class="row"><a class="button" href="/new-room?name=${roomId}">Create it</a> <a href="/rooms/general">Go to #general</a></p>`,
  );

const unknownMessage = (roomId: string): Html =>
  sheet(
    'There is no such message',
    html`<p>Nothing has been written at this place of <bdi>#${roomId}</bdi> yet.</p><p class="row"><a class="button" href="/rooms/${roomId}">Go to the room</a></p>`,
  );

/** The room's last position that is known: what comes later stays unread. */
const endOf = (found: Answer<Room>, last: number): number => Math.max(last, found.ok ? found.value.last_seq : 0);

/** Where the counts can't be had nothing is known to be unread. */
const markOf = (unread: Answer<readonly Unread[]>, roomId: string, userId: string): ReadMark => {
  const entry = valueOr(unread, []).find(({ room_id }) => room_id === roomId);
  return { userId, position: entry?.read_position || undefined, unread: entry?.unread ?? 0 };
};

export interface RoomPageOptions {
  readonly window?: Window;
  /** The notification that led here: opening what it is about reads it. */
  readonly notification?: string | undefined;
  readonly unsent?: RoomFacts['unsent'];
}

/** How many notifications are unread, once the one that led here is read. */
const countUnread = async ({ services, session }: UserVisit, opened: string | undefined) => {
  const read = opened === undefined ? undefined : await services.ask(markNotificationRead, { id: opened });
  // Without an answer: the page waits for the service once, not twice.
  if (read?.ok === false && read.status === 0) return read;
  return services.ask(countUnreadNotifications, { user_id: session.id });
};

/**
 * One page view is six calls side by side, seven around a message, whatever the room holds, and eight where more is unread than fits a
 * page; a part of the history waits for the room first. Two more are not waited for: presence is told, and chat, so that a reader without
 * a socket can be mentioned. A page view reads nothing: what was on the screen only the browser knows.
 */
export const showRoom = async (
  responder: Responder,
  visit: UserVisit,
  roomId: string,
  { window = {}, notification, unsent }: RoomPageOptions = {},
) => {
  const { session, reader, theme, formToken, device } = visit;
  const { ask } = visit.services;
  void ask(addMember, { room_id: roomId, user_id: session.id, username: session.name });
  const finding = ask(getRoom, { room_id: roomId });
  const counting = ask(listUnread, { user_id: session.id });
  const marking = counting.then((unread) => markOf(unread, roomId, session.id));
  const [found, stretch, rooms, unread, people, count, mark] = await Promise.all([
    finding,
    readStretch((page) => ask(listMessages, { room_id: roomId, ...page }), finding, marking, window),
    ask(listRooms, {}),
    counting,
    ask(listOnline, { limit: MOST_PEOPLE }),
    countUnread(visit, notification),
    marking,
  ]);
  if (!found.ok && found.status === 404) {
    const spelled = inOtherCase(valueOr(rooms, []), roomId);
    if (!spelled) return responder.show(visit, 'No such room', unknownRoom(roomId), 404);
    return goTo(roomPath({ roomId: spelled.id, position: window.at, notificationId: notification }), visit);
  }
  const shown = valueOr(stretch, undefined);
  if (window.at !== undefined && shown?.list.every(({ position }) => position !== window.at))
    return responder.show(visit, 'No such message', unknownMessage(roomId), 404);
  // The messages there were deleted by age, or the address is made up: an empty page would hide the newer ones.
  if ((window.before !== undefined || window.after !== undefined) && shown?.list.length === 0)
    return goTo(newestPath(roomId), visit);
  const unreadRooms = valueOr(unread, undefined);
  const last = shown?.list.at(-1)?.position ?? 0;
  const at = valueOr(found, { id: roomId, name: roomId, description: null });
  const main = room({
    room: at,
    reader,
    formToken,
    list: shown?.list,
    whyMissing: stretch.ok ? '' : stretch.detail,
    log: { readPosition: shown?.lineAfter, targetPosition: window.at, now: Date.now() },
    read: {
      position: mark.position,
      isUnread: mark.position === undefined || mark.unread > 0,
      end: endOf(found, last),
    },
    isBehind: shown?.isBehind ?? false,
    hasOlder: shown?.hasOlder ?? false,
    hasNewer: shown?.hasNewer ?? false,
    since: shown?.since ?? NOTHING_READ,
    notificationCount: valueOr(count, undefined)?.unread_count,
    unsent,
  });
  const side = sidebar({
    reader,
    hasAccount: session.hasAccount,
    theme,
    formToken,
    device,
    currentRoom: roomId,
    rooms: rooms.ok ? withCurrent(rooms.value, found) : undefined,
    unread: unreadRooms,
    people: valueOr(people, undefined),
  });
  visit.cookies.push(rememberCookie(ROOM_COOKIE, roomId, { isSecure: responder.isSecure }));
  return responder.show(visit, `#${roomLabel(at.name)}`, roomPage(side, main), unsent ? 422 : 200);
};

/** A browser that fetches a page ahead shows it to nobody yet. */
const isAhead = (headers: Headers): boolean =>
  /prefetch|prerender/.test(`${headers.get('sec-purpose')} ${headers.get('purpose')}`);

const openedBy = ({ headers }: Request, notification: string | undefined): string | undefined =>
  isAhead(headers) ? undefined : notification;

const Opened = t.Optional(t.String({ maxLength: 64, pattern: '^[\\w-]+$' }));

export const Position = t.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

export const roomPages = (responder: Responder) =>
  pageRoutes('room')
    .get(
      '/rooms/:room',
      ({ request, params, query: { before, after, newest, notification } }) =>
        responder.withUser(request, (visit) => {
          const isNewest = newest !== undefined;
          const window = before !== undefined ? { before } : after !== undefined ? { after } : { isNewest };
          return showRoom(responder, visit, params.room, { window, notification: openedBy(request, notification) });
        }),
      {
        ...hidden,
        params: t.Object({ room: RoomId }),
        query: t.Object({
          before: t.Optional(Position),
          after: t.Optional(Position),
          newest: t.Optional(t.String()),
          notification: Opened,
        }),
      },
    )
    .get(
      '/rooms/:room/:position',
      ({ request, params: { room, position }, query: { notification } }) =>
        responder.withUser(request, (visit) =>
          showRoom(responder, visit, room, { window: { at: position }, notification: openedBy(request, notification) }),
        ),
      {
        ...hidden,
        params: t.Object({ room: RoomId, position: Position }),
        query: t.Object({ notification: Opened }),
      },
    );
