/** The sidebar: rooms, people online, and the user's own menu. On a phone it is a drawer. */
import type { Room, Unread } from '@parley/client/api/chat';
import { avatar } from './avatar.ts';
import { formTokenInput, missing } from './form.ts';
import { type Html, html } from './html.ts';
import { icon } from './icon.ts';
import { act, data, id as elementId } from './ids.ts';
import type { Reader } from './message.ts';
import { ACCOUNT_PATH, roomPath, SIGN_OUT_PATH } from './paths.ts';

const MOST_SHOWN = 99;

/** A count beside a link. For zero an empty, hidden element is rendered, which scripts fill later. */
export const badge = (count: number, what: string): Html =>
  count > 0
    ? html`<span class="badge">${count > MOST_SHOWN ? `${MOST_SHOWN}+` : count}<span class="visually-hidden"> ${what}</span></span>`
    : html`<span class="badge" hidden></span>`;

/** A room's name without its leading `#`, which the view adds. */
export const roomLabel = (name: string): string => name.replace(/^#\s*/, '') || name;

const collator = new Intl.Collator('en', { numeric: true });

/** Orders rooms by their labels, `room-2` before `room-10`. The locale is fixed, so that server and browsers agree. */
export const compareRooms = (a: Pick<Room, 'id' | 'name'>, b: Pick<Room, 'id' | 'name'>): number =>
  collator.compare(roomLabel(a.name), roomLabel(b.name)) || (a.id < b.id ? -1 : 1);

/** Equal for rooms whose names differ only by case. */
export const namesakeKey = (name: string): string => roomLabel(name).normalize('NFKC').toLowerCase();

export interface RoomLinkOptions {
  readonly unread?: number;
  readonly isCurrent?: boolean;
  /** Another room has the same name, so the id is shown too. */
  readonly hasNamesake?: boolean;
}

export const roomLink = (
  { id, name }: Pick<Room, 'id' | 'name'>,
  { unread = 0, isCurrent = false, hasNamesake = false }: RoomLinkOptions = {},
): Html =>
  html`<li><a href="${roomPath({ roomId: id })}"${data({ room: id })}${isCurrent && html` aria-current="page"`}${unread > 0 && html` class="unread"`}><span class="hash" aria-hidden="true">#</span><bdi class="label">${roomLabel(name)}</bdi>${hasNamesake && html` <small>${id}</small>`}${badge(unread, 'unread')}</a></li>`;

/** The links of all rooms, sorted. @param unreadIn the number of unread messages in a room */
export const roomList = (
  rooms: readonly Room[],
  current: string | undefined,
  unreadIn: (id: string) => number,
): Html => {
  const namesakes = Map.groupBy(rooms, ({ name }) => namesakeKey(name));
  const link = (room: Room): Html => {
    const isCurrent = room.id === current;
    const hasNamesake = (namesakes.get(namesakeKey(room.name))?.length ?? 0) > 1;
    return roomLink(room, { unread: isCurrent ? 0 : unreadIn(room.id), isCurrent, hasNamesake });
  };
  return html`${rooms.toSorted(compareRooms).map(link)}`;
};

/** A person who is online. */
export interface PersonHere {
  readonly user_id: string;
  readonly username: string;
}

export const personLine = ({ user_id, username }: PersonHere, reader: Pick<Reader, 'id'>): Html =>
  html`<li${data({ user: user_id })}>${avatar(user_id, username)}<bdi class="label">${username}</bdi>${user_id === reader.id && html` <small>you</small>`}</li>`;

export const peopleList = (people: readonly PersonHere[], reader: Pick<Reader, 'id'>): Html =>
  html`${people.map((person) => personLine(person, reader))}`;

/** The most people that are requested and listed. */
export const MOST_PEOPLE = 100;

export const peopleCount = (shown: number): string =>
  shown === 0 ? '' : shown < MOST_PEOPLE ? `${shown}` : `${MOST_PEOPLE}+`;

const themeButton = (value: string, label: string, current: string): Html =>
  html`<button name="theme" value="${value}" aria-pressed="${value === current ? 'true' : 'false'}">${label}</button>`;

const themeForm = (theme: string, formToken: string): Html =>
  html`<form class="themes" method="post" action="/theme" aria-label="Colours">${formTokenInput(formToken)}${themeButton('auto', 'Auto', theme)}${themeButton('light', 'Light', theme)}${themeButton('dark', 'Dark', theme)}</form>`;

export interface SidebarFacts {
  readonly reader: Reader;
  readonly hasAccount: boolean;
  readonly theme: string;
  readonly formToken: string;
  /** The device that signing out reports as offline. */
  readonly device: string;
  readonly currentRoom: string | undefined;
  /** Undefined: the service didn't answer. */
  readonly rooms: readonly Room[] | undefined;
  readonly unread: readonly Unread[] | undefined;
  readonly people: readonly PersonHere[] | undefined;
}

const meMenu = ({ reader, hasAccount, theme, formToken, device }: SidebarFacts): Html => html`
<div class="me">
<button type="button" class="me-button" popovertarget="me-menu">${avatar(reader.id, reader.name)}<bdi class="label">${reader.name}</bdi><span class="visually-hidden">, your menu</span></button>
<div ${elementId('me-menu')} class="menu" popover>
${themeForm(theme, formToken)}
<a href="${ACCOUNT_PATH}" hx-boost="false">${hasAccount ? 'Your account' : 'Keep this name with a password'}</a>
<button type="button" class="js-only"${act('push')} hidden>Notify me on this device</button>
<button type="button" class="js-only"${act('shortcuts')}>Keyboard shortcuts</button>
<a href="/status">Status of the services</a>
<form method="post" action="${SIGN_OUT_PATH}" hx-boost="false">${formTokenInput(formToken)}<input type="hidden" name="device" value="${device}"><button>Sign out</button></form>
</div>
</div>`;

export const sidebar = (facts: SidebarFacts): Html => {
  const { reader, rooms, unread, people, currentRoom } = facts;
  const unreadOf = new Map(unread?.map(({ room_id, unread: count }) => [room_id, count]));
  return html`<nav ${elementId('sidebar')} class="sidebar" popover aria-label="Rooms and people">
<p class="brand"><a href="/"><img src="/favicon.svg" width="24" height="24" alt="">Parley</a><button type="button" class="icon-button only-narrow" popovertarget="sidebar" popovertargetaction="hide" aria-label="Close">${icon('close')}</button></p>
<div class="lists">
<h2 id="rooms-title">Rooms <a class="icon-button" href="/new-room" aria-label="Create a room" title="Create a room">${icon('plus')}</a></h2>
${!rooms && missing('The rooms', 'The chat service does not answer')}
<ul class="rooms" ${elementId('rooms')} aria-labelledby="rooms-title">${rooms && roomList(rooms, currentRoom, (id) => unreadOf.get(id) ?? 0)}</ul>
<h2 id="people-title">Online <span ${elementId('people-count')}>${people && peopleCount(people.length)}</span></h2>
${!people && missing('Who is online', 'The presence service does not answer')}
<ul class="people" ${elementId('people')} hx-ignore aria-labelledby="people-title">${people && peopleList(people, reader)}</ul>
</div>
${meMenu(facts)}
</nav>`;
};
