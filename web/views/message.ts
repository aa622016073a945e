/** One message, the same on the page and in a live event. */
import type { Message } from '@parley/chat/messages/rules';
import { avatar } from './avatar.ts';
import { file } from './file.ts';
import { appendToLast, type Html, html, nothing } from './html.ts';
import { icon } from './icon.ts';
import { markdown } from './markdown.ts';
import { mentionView } from './mention.ts';
import { clockOf, type Zone } from './time.ts';

/** Who reads: it decides what is marked as theirs, and how times are written. */
export interface Reader extends Zone {
  readonly id: string;
  readonly name: string;
}

export const messagePath = ({ room_id, position }: Pick<Message, 'room_id' | 'position'>): string =>
  `/rooms/${room_id}/${position}`;

export const editPath = ({ room_id, id }: Pick<Message, 'room_id' | 'id'>): string =>
  `/rooms/${room_id}/messages/${encodeURIComponent(id)}/edit`;

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
  return html`<div class="actions"><button type="button" class="js-only" data-act="quote" title="Quote" aria-label="Quote">${icon('quote')}</button><button type="button" class="js-only" data-act="copy" title="Copy link" aria-label="Copy link">${icon('link')}</button>${
    isOwn &&
    html`${message.message_type === 'text' && html`<a href="${path}" data-act="edit" title="Edit" aria-label="Edit">${icon('pencil')}</a>`}<a href="${path}#delete" data-act="delete" title="Delete" aria-label="Delete">${icon('trash')}</a>`
  }</div>`;
};

export interface MessageOptions {
  /** It follows a message of the same author closely: no name and picture again. */
  readonly isGrouped?: boolean;
  /** It is what the page's address points at. */
  readonly isTarget?: boolean;
  /** Its text is shown as it was written, without looking for marks. */
  readonly isPlain?: boolean;
}

export const message = (
  facts: Message,
  reader: Reader,
  { isGrouped, isTarget, isPlain }: MessageOptions = {},
): Html => {
  const isQuiet = facts.deleted_at !== null;
  const classes = ['message', isGrouped && 'grouped', isTarget && 'target', isQuiet && 'gone']
    .filter(Boolean)
    .join(' ');
  return html`<article class="${classes}" id="m-${facts.id}" data-position="${facts.position}" data-seq="${facts.seq}" data-at="${Date.parse(facts.created_at)}" data-user="${facts.user_id}" data-type="${facts.message_type}" tabindex="-1" aria-label="${facts.username}">${avatar(facts.user_id, facts.username)}<header><bdi class="author">${facts.username}</bdi>${timeLink(facts, reader)}</header><div class="body">${body(facts, reader, isPlain)}</div>${actions(facts, reader)}</article>`;
};
