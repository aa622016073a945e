/** A room's messages in reading order, with day dividers and the "New" line before the first unread message. */
import { workOf } from '@parley/chat/markup/lexer';
import type { Message } from '@parley/chat/messages/rules';
import { type Html, html } from './html.ts';
import { data, id } from './ids.ts';
import { message, type Reader } from './message.ts';
import { type Clock, clockOf } from './time.ts';

const GROUP_WITHIN_MS = 5 * 60_000;

/** The properties of a message that grouping depends on. Scripts read them from the message's element. */
export interface Neighbour {
  readonly at: number;
  readonly userId: string;
  readonly type: string;
}

/** Whether a message is shown without name and avatar: its author wrote the one before it, on the same day, within five minutes. */
export const isGrouped = (before: Neighbour | undefined, { at, userId, type }: Neighbour, clock: Clock): boolean =>
  before !== undefined &&
  before.userId === userId &&
  (before.type === 'system') === (type === 'system') &&
  at - before.at < GROUP_WITHIN_MS &&
  clock.dayKey(at) === clock.dayKey(before.at);

/** Whether a day divider stands before a message. */
export const startsDay = (before: Neighbour | undefined, { at }: Neighbour, clock: Clock): boolean =>
  before === undefined || clock.dayKey(at) !== clock.dayKey(before.at);

export const dayDivider = (at: number, now: number, clock: Clock): Html =>
  html`<h2 class="day"${data({ day: clock.dayKey(at) })}><span>${clock.dayName(at, now)}</span></h2>`;

/** Bounds the Markdown work of a page, in the lexer's units: about twenty messages of the worst kind. Later texts are shown unformatted. */
const MAX_PAGE_WORK = 2_000_000;
/** In characters. Markup can be twenty times its text: a page of nested quotes would have 200,000 elements. */
const MAX_PAGE_MARKUP = 1_500_000;

const newLine = (act: Html | undefined): Html => html`<div class="new-line" ${id('new')}><span>New</span>${act}</div>`;

const neighbour = ({ created_at, user_id, message_type }: Message): Neighbour => ({
  at: Date.parse(created_at),
  userId: user_id,
  type: message_type,
});

export interface LogOptions {
  /** The last position that the reader has read: the "New" line stands before the first later message of someone else. */
  readonly readPosition?: number | undefined;
  readonly targetPosition?: number | undefined;
  /** A control in the "New" line. */
  readonly lineAct?: Html | undefined;
  readonly now: number;
}

/** The first message of someone else after a position; undefined for a reader who has never read the room. */
export const firstUnread = (
  list: readonly Message[],
  { id }: Pick<Reader, 'id'>,
  readPosition: number | undefined,
): Message | undefined =>
  readPosition === undefined
    ? undefined
    : list.find(
        ({ position, user_id, deleted_at }) => position > readPosition && user_id !== id && deleted_at === null,
      );

export const messages = (
  list: readonly Message[],
  reader: Reader,
  { readPosition, targetPosition, lineAct, now }: LogOptions,
): Html => {
  const clock = clockOf(reader);
  const firstNew = firstUnread(list, reader, readPosition);
  let before: Neighbour | undefined;
  let work = 0;
  let size = 0;
  return html`${list.map((facts) => {
    const here = neighbour(facts);
    const isNewDay = startsDay(before, here, clock);
    const isFirstNew = facts === firstNew;
    const options = {
      isGrouped: !isFirstNew && isGrouped(before, here, clock),
      isTarget: facts.position === targetPosition,
      isPlain: work > MAX_PAGE_WORK || size > MAX_PAGE_MARKUP,
    };
    before = here;
    const shown = message(facts, reader, options);
    work += workOf(facts.content);
    size += shown.text.length;
    return html`${isNewDay && dayDivider(here.at, now, clock)}${isFirstNew && newLine(lineAct)}${shown}`;
  })}`;
};
