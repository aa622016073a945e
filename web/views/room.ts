/** A room: the bar at the top, the messages, and the composer. */
import type { Message } from '@parley/chat/messages/rules';
import type { Room } from '@parley/client/api/chat';
import { formTokenInput, missing } from './form.ts';
import { type Html, html } from './html.ts';
import { icon } from './icon.ts';
import { data, id } from './ids.ts';
import { firstUnread, type LogOptions, messages } from './log.ts';
import type { Reader } from './message.ts';
import { historyPath, NOTIFICATIONS_PATH, newestPath, roomPath } from './paths.ts';
import { badge, roomLabel } from './sidebar.ts';

/** How far the reader has read. */
export interface ReadFacts {
  /** Undefined: never. */
  readonly position: number | undefined;
  readonly isUnread: boolean;
  /** The room's last position when the page was made. */
  readonly end: number;
}

export interface RoomFacts {
  readonly room: Pick<Room, 'id' | 'name' | 'description'>;
  readonly reader: Reader;
  readonly formToken: string;
  /** Undefined: chat didn't answer; `whyMissing` has the reason. */
  readonly list: readonly Message[] | undefined;
  readonly whyMissing: string;
  readonly log: LogOptions;
  readonly read: ReadFacts;
  /** There are unread messages before the first of the list. */
  readonly isBehind: boolean;
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
  /** The cursor with which the socket connects. */
  readonly since: number;
  /** Undefined: the notification service didn't answer. */
  readonly notificationCount: number | undefined;
  /** A message that could not be sent: it is put back into the field, with the reason above. */
  readonly unsent?: { readonly content: string; readonly fault: string } | undefined;
}

const bell = (count: number | undefined): Html =>
  html`<a ${id('bell')} class="icon-button" href="${NOTIFICATIONS_PATH}" title="${count === undefined ? 'Notifications can’t be counted at the moment' : 'Notifications'}"><span class="visually-hidden">Notifications</span>${icon('bell')}${badge(count ?? 0, 'unread')}</a>`;

const bar = ({ room, notificationCount }: RoomFacts): Html => html`<header class="bar">
<button type="button" class="icon-button only-narrow" popovertarget="sidebar" aria-label="Rooms and people">${icon('menu')}</button>
<div class="room-title" hx-ignore><h1><span class="hash" aria-hidden="true">#</span> <bdi>${roomLabel(room.name)}</bdi></h1>${room.description && html`<p dir="auto">${room.description}</p>`}</div>
<p ${id('connection')} class="connection" role="status"></p>
${bell(notificationCount)}
</header>`;

/** The link 'Older messages' or 'Newer messages'. @param position of the first or last message that is shown */
export const historyLink = (roomId: string, side: 'older' | 'newer', position: number): Html =>
  html`<a ${id(side)} class="more" href="${historyPath(roomId, side, position)}">${side === 'older' ? 'Older' : 'Newer'} messages</a>`;

/** The line above a room's first message. @param label the room's name without `#` */
export const beginning = (label: string): Html =>
  html`<p ${id('beginning')} class="beginning">This is where <bdi>#${label}</bdi> begins.</p>`;

const markRead = ({ room, formToken, read }: RoomFacts): Html =>
  html`<form class="mark-read" method="post" action="${roomPath({ roomId: room.id })}/read">${formTokenInput(formToken)}<input type="hidden" name="position" value="${read.end}"><button class="quiet">Mark as read</button></form>`;

const hasLine = ({ list, reader, log }: RoomFacts): boolean =>
  firstUnread(list ?? [], reader, log.readPosition) !== undefined;

/** The notice that there are unread messages above. It is rendered hidden otherwise, and scripts show it when they skip messages. */
const behind = (facts: RoomFacts): Html =>
  html`<div ${id('behind')} class="behind"${!facts.isBehind && html` hidden`}><span>There are unread messages above.</span> <a href="${roomPath({ roomId: facts.room.id })}">Go to the first</a>${markRead(facts)}</div>`;

/** Links and a form for browsers without scripts. With scripts there is a button, and messages are marked as read by being on the screen. */
const withoutScript = (facts: RoomFacts): Html => {
  const { room, hasNewer, isBehind, read } = facts;
  const isAtLine = hasLine(facts);
  return html`<div class="to-newest">${isAtLine && html`<a href="#new">Jump to the first unread message</a>`}${
    hasNewer && html`<a href="${newestPath(room.id)}">Jump to the newest messages</a>`
  }${read.isUnread && !isAtLine && !isBehind && markRead(facts)}</div>`;
};

const log = (facts: RoomFacts): Html => {
  const { room, reader, list, hasOlder, hasNewer, whyMissing } = facts;
  return html`<div ${id('log')} hx-ignore class="log" role="log" aria-live="off" aria-label="Messages in ${roomLabel(room.name)}">${
    !list
      ? missing('The messages', whyMissing)
      : hasOlder
        ? historyLink(room.id, 'older', list[0]?.position ?? 1)
        : beginning(roomLabel(room.name))
  }${messages(list ?? [], reader, { ...facts.log, lineAct: markRead(facts) })}${
    hasNewer && historyLink(room.id, 'newer', list?.at(-1)?.position ?? 0)
  }</div>`;
};

/** Without scripts, sending below the newest messages marks them as read. */
const readByAnswer = ({ list, hasNewer, isBehind }: RoomFacts): Html | false =>
  !hasNewer && !isBehind && html`<input type="hidden" name="read_position" value="${list?.at(-1)?.position ?? 0}">`;

export const composer = (facts: RoomFacts): Html => {
  const { room, formToken, unsent } = facts;
  const label = `Message #${roomLabel(room.name)}`;
  return html`<form ${id('composer')} class="composer" method="post" action="${roomPath({ roomId: room.id })}/messages" enctype="multipart/form-data" hx-boost="false">
${formTokenInput(formToken)}
${readByAnswer(facts)}
${unsent && html`<p class="fault" role="alert">${unsent.fault}</p>`}
<ul ${id('uploads')} hx-ignore class="uploads" aria-label="Files being sent"></ul>
<div class="composer-box">
<label class="attach icon-button" title="Attach files">${icon('clip')}<span class="visually-hidden">Attach files</span><input type="file" name="files" ${id('files')} multiple></label>
<label class="visually-hidden" for="text">${label}</label>
<textarea ${id('text')} name="content" rows="1" placeholder="${label}" dir="auto" autocomplete="off" enterkeyhint="send">${unsent?.content}</textarea>
<button class="send icon-button" aria-label="Send" title="Send">${icon('send')}</button>
</div>
</form>`;
};

export const room = (facts: RoomFacts): Html => {
  const { room: at, reader, since, hasNewer, read, isBehind } = facts;
  const socket = `/ws/${at.id}/${encodeURIComponent(reader.id)}?${new URLSearchParams({ username: reader.name, since: String(since), activity: 'true' })}`;
  return html`<main ${id('room')} class="room"${data({
    room: at.id,
    roomName: roomLabel(at.name),
    user: reader.id,
    name: reader.name,
    since,
    hasNewer,
    read: read.position,
    behind: isBehind,
    socket,
  })}>
${bar(facts)}
<div ${id('scroll')} class="scroll" tabindex="0" role="region" aria-label="Conversation"><div class="paper">
${log(facts)}
<div ${id('pending')} hx-ignore class="log pending" aria-label="Messages being sent" role="group"></div>
${withoutScript(facts)}
</div></div>
<div class="dock">
${behind(facts)}
<button type="button" ${id('jump')} class="jump" hidden>${icon('down')}<span ${id('jump-text')}>Newest messages</span></button>
${composer(facts)}
<p ${id('typing')} hx-ignore class="typing"></p>
</div>
<div ${id('panel')} class="panel" popover tabindex="-1" aria-label="Notifications"></div>
</main>`;
};

export const roomPage = (side: Html, main: Html): Html =>
  html`<div ${id('page')} class="shell" hx-history-elt><a class="skip" href="#text">Skip to writing a message</a>
${side}
${main}</div>`;
