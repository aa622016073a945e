/** One message: the server renders it into pages, the browser renders it from socket events, with this one function. */

import type { Message } from '@parley/chat/messages/rules';
import { avatar } from './avatar.ts';
import { file } from './file.ts';
import { appendToLast, type Html, html, nothing } from './html.ts';
import { icon } from './icon.ts';
import { act, data, messageElementId } from './ids.ts';
import { labelOf } from './label.ts';
import { markdown } from './markdown.ts';
import { mentionView } from './mention.ts';
import { editPath, messagePath } from './paths.ts';
import { clockOf, type Zone } from './time.ts';

/** The user who reads the page: decides which messages are their own, and in which zone and language times are shown. */
export interface Reader extends Zone {
  readonly id: string;
  readonly name: string;
}

const timeLink = (message: Message, reader: Reader): Html => {
  const clock = clockOf(reader);
  const at = Date.parse(message.created_at);
  return html`<a class="time" href="${messagePath(message)}"><time datetime="${message.created_at}" title="${clock.exact(at)}">${clock.time(at)}</time></a>`;
};

const edited = ({ edited_at }: Message, reader: Reader): Html =>
  edited_at === null
    ? nothing
    : html` <bdi class="edited" title="${clockOf(reader).exact(Date.parse(edited_at))}">(edited)</bdi>`;

const body = (message: Message, reader: Reader, isPlain = false): Html => {
  if (message.deleted_at !== null) return html`<p class="deleted">This message was deleted</p>`;
  if (message.message_type === 'file') return file(message.content, message.file_url);
  return appendToLast(markdown(message.content, mentionView(message, reader.id), { isPlain }), edited(message, reader));
};

const actions = (message: Message, reader: Reader): Html | false => {
  if (message.deleted_at !== null || message.message_type === 'system') return false;
  const isOwn = message.user_id === reader.id;
  const path = editPath(message);
  return html`<div class="actions"><button type="button" class="js-only"${act('quote')} title="Quote" aria-label="Quote">${icon('quote')}</button><button type="button" class="js-only"${act('copy')} title="Copy link" aria-label="Copy link">${icon('link')}</button>${
    isOwn &&
    html`${message.message_type === 'text' && html`<a href="${path}"${act('edit')} title="Edit" aria-label="Edit">${icon('pencil')}</a>`}<a href="${path}#delete"${act('delete')} title="Delete" aria-label="Delete">${icon('trash')}</a>`
  }</div>`;
};

export interface MessageOptions {
  /** Shown without name and avatar, because the message before has the same author. */
  readonly isGrouped?: boolean;
  /** The page's address names this message. */
  readonly isTarget?: boolean;
  /** The text is shown unformatted. */
  readonly isPlain?: boolean;
}

const messageData = ({ position, seq, created_at, user_id, message_type }: Message): Html =>
  data({ position, seq, at: Date.parse(created_at), user: user_id, type: message_type });

export const message = (
  facts: Message,
  reader: Reader,
  { isGrouped, isTarget, isPlain }: MessageOptions = {},
): Html => {
  const isQuiet = facts.deleted_at !== null;
  const classes = ['message', isGrouped && 'grouped', isTarget && 'target', isQuiet && 'gone']
    .filter(Boolean)
    .join(' ');
  return html`<article class="${classes}" id="${messageElementId(facts.id)}"${messageData(facts)} tabindex="-1" aria-label="${labelOf(facts.username)}">${avatar(facts.user_id, facts.username)}<header><bdi class="author">${facts.username}</bdi>${timeLink(facts, reader)}</header><div class="body">${body(facts, reader, isPlain)}</div>${actions(facts, reader)}</article>`;
};
