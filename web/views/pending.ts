/** A message that isn't stored yet, shown at the end of the log. */

import { avatar } from './avatar.ts';
import { file } from './file.ts';
import { type Html, html } from './html.ts';
import { act, data, pendingElementId } from './ids.ts';
import { labelOf } from './label.ts';
import { markdown } from './markdown.ts';
import type { Reader } from './message.ts';

/** What the view needs of an entry of the outbox. */
export interface PendingMessage {
  readonly clientId: string;
  readonly content: string;
  readonly messageType: 'text' | 'file';
  readonly fileUrl: string | null;
  /** Why chat rejected it. */
  readonly fault?: string | undefined;
}

/** Chat's error starts with the name of the field, which is obvious here. */
const inWords = (fault: string): string => fault.replace(/^content: /, '');

const state = ({ fault }: PendingMessage, isConnected: boolean): Html | false => {
  if (fault !== undefined)
    return html`<p class="pending-state" role="alert">Not sent: ${inWords(fault)} <button type="button"${act('retry')}>Send again</button><button type="button"${act('take-back')}>Edit</button><button type="button"${act('discard')}>Discard</button></p>`;
  return !isConnected && html`<p class="pending-state">Waits for the connection</p>`;
};

export const pending = (outgoing: PendingMessage, reader: Reader, isConnected: boolean): Html => {
  const { clientId, content, messageType, fileUrl, fault } = outgoing;
  const body = messageType === 'file' ? file(content, fileUrl) : markdown(content);
  return html`<article class="message${fault !== undefined && ' refused'}" id="${pendingElementId(clientId)}"${data({ clientId })} aria-label="${labelOf(reader.name)}, being sent">${avatar(reader.id, reader.name)}<header><bdi class="author">${reader.name}</bdi></header><div class="body">${body}</div>${state(outgoing, isConnected)}</article>`;
};
