/** `/rooms/:room`: the newest messages, a part of the history, or the messages around the one that a link names. */
import type { Room } from '@parley/client/api/chat';
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
import { roomLabel, sidebar } from '../views/sidebar.ts';
import { type RoomAnswers, type RoomSelection, readRoom } from './room-answers.ts';
import { NOTHING_READ, type Window } from './stretch.ts';

/** Chat lists a bounded number of rooms. The open room is shown among them in any case. */
const withCurrent = (rooms: readonly Room[], current: Answer<Room>): readonly Room[] =>
  !current.ok || rooms.some(({ id }) => id === current.value.id) ? rooms : [...rooms, current.value];

/** Chat creates no two rooms whose ids differ only by case, so an address in another case means this room. */
const inOtherCase = (rooms: readonly Room[], roomId: string): Room | undefined =>
  rooms.find(({ id }) => id.toLowerCase() === roomId.toLowerCase());

const unknownRoom = (roomId: string): Html =>
  sheet(
    'There is no such room',
    html`<p>Nobody has made a room at <bdi>#${roomId}</bdi> yet.</p><p class="row"><a class="button" href="/new-room?name=${roomId}">Create it</a> <a href="${roomPath({ roomId: 'general' })}">Go to #general</a></p>`,
  );

const unknownMessage = (roomId: string): Html =>
  sheet(
    'There is no such message',
    html`<p>Nothing has been written at this place of <bdi>#${roomId}</bdi> yet.</p><p class="row"><a class="button" href="${roomPath({ roomId })}">Go to the room</a></p>`,
  );

/** What can't be shown at this address is answered by a redirect or a page that says so; undefined when the room can be shown. */
const answerInstead = (
  responder: Responder,
  visit: UserVisit,
  roomId: string,
  { window, notification }: RoomSelection,
  { room: found, rooms, stretch }: RoomAnswers,
): Promise<Response> | Response | undefined => {
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
  return undefined;
};

const roomOf = (answers: RoomAnswers, roomId: string) =>
  valueOr(answers.room, { id: roomId, name: roomId, description: null });

/** The position up to which the page's form marks messages as read: the last one known when the page was rendered. */
const endOf = ({ room: found }: RoomAnswers, lastPosition: number): number =>
  Math.max(lastPosition, found.ok ? found.value.last_seq : 0);

const mainOf = (
  { reader, formToken }: UserVisit,
  roomId: string,
  { window }: RoomSelection,
  answers: RoomAnswers,
  unsent: RoomFacts['unsent'],
): Html => {
  const { stretch, mark, notificationCount } = answers;
  const shown = valueOr(stretch, undefined);
  return room({
    room: roomOf(answers, roomId),
    reader,
    formToken,
    list: shown?.list,
    whyMissing: stretch.ok ? '' : stretch.detail,
    log: { readPosition: shown?.lineAfter, targetPosition: window.at, now: Date.now() },
    read: {
      position: mark.position,
      isUnread: mark.position === undefined || mark.unread > 0,
      end: endOf(answers, shown?.list.at(-1)?.position ?? 0),
    },
    isBehind: shown?.isBehind ?? false,
    hasOlder: shown?.hasOlder ?? false,
    hasNewer: shown?.hasNewer ?? false,
    since: shown?.since ?? NOTHING_READ,
    notificationCount: valueOr(notificationCount, undefined)?.unread_count,
    unsent,
  });
};

const sideOf = (visit: UserVisit, roomId: string, { room: found, rooms, unread, people }: RoomAnswers): Html => {
  const { reader, session, theme, formToken, device } = visit;
  return sidebar({
    reader,
    hasAccount: session.hasAccount,
    theme,
    formToken,
    device,
    currentRoom: roomId,
    rooms: rooms.ok ? withCurrent(rooms.value, found) : undefined,
    unread: valueOr(unread, undefined),
    people: valueOr(people, undefined),
  });
};

export interface RoomPageOptions {
  readonly window?: Window;
  readonly notification?: string | undefined;
  /** A message that could not be sent, and why. */
  readonly unsent?: RoomFacts['unsent'];
}

export const showRoom = async (
  responder: Responder,
  visit: UserVisit,
  roomId: string,
  { window = {}, notification, unsent }: RoomPageOptions = {},
) => {
  const selection = { window, notification };
  const answers = await readRoom(visit, roomId, selection);
  const instead = answerInstead(responder, visit, roomId, selection, answers);
  if (instead) return instead;
  visit.cookies.push(rememberCookie(ROOM_COOKIE, roomId, { isSecure: responder.isSecure }));
  const content = roomPage(sideOf(visit, roomId, answers), mainOf(visit, roomId, selection, answers, unsent));
  const title = `#${roomLabel(roomOf(answers, roomId).name)}`;
  return responder.show(visit, title, content, unsent ? 422 : 200);
};

/** Browsers fetch pages ahead of a click: nobody sees such a page yet. */
const isPrefetch = (headers: Headers): boolean =>
  /prefetch|prerender/.test(`${headers.get('sec-purpose')} ${headers.get('purpose')}`);

const openedBy = ({ headers }: Request, notification: string | undefined): string | undefined =>
  isPrefetch(headers) ? undefined : notification;

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
