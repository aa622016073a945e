/** A room: its bar, its messages, and where one writes. */
import type { Message } from '@parley/chat/messages/rules';
import type { Room } from '../services/clients.ts';
import { formTokenInput, missing } from './form.ts';
import { type Html, html } from './html.ts';
import { icon } from './icon.ts';
import { type LogOptions, messages } from './log.ts';
import type { Reader } from './message.ts';
import { badge, roomLabel } from './sidebar.ts';

export interface RoomFacts {
  readonly room: Pick<Room, 'id' | 'name' | 'description'>;
  readonly reader: Reader;
  readonly formToken: string;
  /** Undefined: they can't be had, and `whyMissing` says why. */
  readonly list: readonly Message[] | undefined;
  readonly whyMissing: string;
  readonly log: LogOptions;
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
  /** The cursor that the socket goes on from. */
  readonly since: number;
  /** Undefined: the notification service is away. */
  readonly notificationCount: number | undefined;
  /** A message that could not be sent, back in its field, and why. */
  readonly unsent?: { readonly content: string; readonly fault: string } | undefined;
}

const bell = (count: number | undefined): Html =>
  html`<a id="bell" class="icon-button" href="/notifications" title="${count === undefined ? 'Notifications can’t be counted at the moment' : 'Notifications'}"><span class="visually-hidden">Notifications</span>${icon('bell')}${badge(count ?? 0, 'unread')}</a>`;

const bar = ({ room, notificationCount }: RoomFacts): Html => html`<header class="bar">
<button type="button" class="icon-button only-narrow" popovertarget="sidebar" aria-label="Rooms and people">${icon('menu')}</button>
<div class="room-title" hx-ignore><h1><span class="hash" aria-hidden="true">#</span> <bdi>${roomLabel(room.name)}</bdi></h1>${room.description && html`<p dir="auto">${room.description}</p>`}</div>
<p id="connection" class="connection" role="status"></p>
${bell(notificationCount)}
</header>`;

const olderLink = (room: string, first: Message | undefined): Html =>
  html`<a id="older" class="more" href="/rooms/${room}?before=${first?.position ?? 1}">Older messages</a>`;

/** What stands before a room's first message. @param label its name without the mark */
export const beginning = (label: string): Html =>
  html`<p id="beginning" class="beginning">This is where <bdi>#${label}</bdi> begins.</p>`;

const log = (facts: RoomFacts): Html => {
  const { room, reader, list, hasOlder, hasNewer, whyMissing } = facts;
  const last = list?.at(-1);
  return html`<div id="log" hx-ignore class="log" role="log" aria-live="off" aria-label="Messages in ${roomLabel(room.name)}">${
    !list
      ? missing('The messages', whyMissing)
      : hasOlder
        ? olderLink(room.id, list[0])
        : beginning(roomLabel(room.name))
  }${messages(list ?? [], reader, facts.log)}${
    hasNewer &&
    html`<a id="newer" class="more" href="/rooms/${room.id}?after=${last?.position ?? 0}">Newer messages</a>`
  }</div>`;
};

export const composer = ({ room, formToken, unsent }: RoomFacts): Html => {
  const label = `Message #${roomLabel(room.name)}`;
  return html`<form id="composer" class="composer" method="post" action="/rooms/${room.id}/messages" enctype="multipart/form-data" hx-boost="false">
${formTokenInput(formToken)}
${unsent && html`<p class="fault" role="alert">${unsent.fault}</p>`}
<ul id="uploads" hx-ignore class="uploads" aria-label="Files being sent"></ul>
<div class="composer-box">
<label class="attach icon-button" title="Attach files">${icon('clip')}<span class="visually-hidden">Attach files</span><input type="file" name="files" id="files" multiple></label>
<label class="visually-hidden" for="text">${label}</label>
<textarea id="text" name="content" rows="1" placeholder="${label}" dir="auto" autocomplete="off" enterkeyhint="send">${unsent?.content}</textarea>
<button class="send icon-button" aria-label="Send" title="Send">${icon('send')}</button>
</div>
</form>`;
};

export const room = (facts: RoomFacts): Html => {
  const { room: at, reader, since, hasNewer } = facts;
  const socket = `/ws/${at.id}/${encodeURIComponent(reader.id)}?${new URLSearchParams({ username: reader.name, since: String(since), activity: 'true' })}`;
  return html`<main id="room" class="room" data-room="${at.id}" data-room-name="${roomLabel(at.name)}" data-user="${reader.id}" data-name="${reader.name}" data-since="${since}"${hasNewer && html` data-has-newer`} hx-ws:connect="${socket}">
${bar(facts)}
<div id="scroll" class="scroll" tabindex="0" role="region" aria-label="Conversation"><div class="paper">
${log(facts)}
<div id="pending" hx-ignore class="log pending" aria-label="Messages being sent" role="group"></div>
${hasNewer && html`<p class="to-newest"><a href="/rooms/${at.id}">Jump to the newest messages</a></p>`}
</div></div>
<div class="dock">
<button type="button" id="jump" class="jump" hidden>${icon('down')}<span id="jump-text">Newest messages</span></button>
${composer(facts)}
<p id="typing" hx-ignore class="typing"></p>
</div>
<div id="panel" class="panel" popover tabindex="-1" aria-label="Notifications"></div>
</main>`;
};

export const roomPage = (side: Html, main: Html): Html =>
  html`<div id="page" class="shell" hx-history-elt><a class="skip" href="#text">Skip to writing a message</a>
${side}
${main}</div>`;
