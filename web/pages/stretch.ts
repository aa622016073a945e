/** The stretch of a room's history that its page shows, and the cursor from which the page's socket continues. */
import type { Message, Room } from '@parley/client/api/chat';
import type { Answer } from '../services/call.ts';

const PAGE = 50;
const AROUND = 25;
/** How many messages that were read stand before the first unread one. */
const READ_BEFORE = 5;

/** Selects a part of a room's history. Without any field: where the reader left off. */
export interface Window {
  /** Messages before this position. */
  readonly before?: number;
  /** Messages after this position. */
  readonly after?: number;
  /** Messages around this position. */
  readonly at?: number;
  /** The newest messages, even if the reader left off before them. */
  readonly isNewest?: boolean;
}

/** How far a user has read the room. */
export interface ReadMark {
  readonly userId: string;
  /** Undefined: never. */
  readonly position?: number | undefined;
  /** The number of others' unread messages. Chat counts up to 100. */
  readonly unread: number;
}

export interface Stretch {
  readonly list: readonly Message[];
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
  /** The cursor of the socket: changes after it are not in the list. */
  readonly since: number;
  /** The "New" line stands before the first unread message after this position. */
  readonly lineAfter: number | undefined;
  /** There are unread messages before the first of the list. */
  readonly isBehind: boolean;
}

type Pages = Pick<Stretch, 'list' | 'hasOlder' | 'hasNewer'>;

/** Reads a page of the room's history. */
type ReadPage = (page: { limit: number; before?: number; after?: number }) => Promise<Answer<Message[]>>;

/** Up to `before` messages that end at a position, and up to `after` that follow. */
const readAround = async (readPage: ReadPage, at: number, before: number, after: number): Promise<Answer<Pages>> => {
  const [older, newer] = await Promise.all([
    readPage({ limit: before + 1, before: at + 1 }),
    readPage({ limit: after + 1, after: at }),
  ]);
  if (!older.ok) return older;
  if (!newer.ok) return newer;
  const list = [...older.value.slice(-before), ...newer.value.slice(0, after)];
  return { ok: true, value: { list, hasOlder: older.value.length > before, hasNewer: newer.value.length > after } };
};

/** Requests one message more than are shown, which tells whether there are more. */
const readPages = async (readPage: ReadPage, { before, after, at }: Window): Promise<Answer<Pages>> => {
  if (at !== undefined) return readAround(readPage, at, AROUND, AROUND);
  const answer = await readPage({ limit: PAGE + 1, ...(before ? { before } : after !== undefined && { after }) });
  if (!answer.ok) return answer;
  const isMore = answer.value.length > PAGE;
  if (after !== undefined && !before)
    return { ok: true, value: { list: answer.value.slice(0, PAGE), hasOlder: true, hasNewer: isMore } };
  return { ok: true, value: { list: answer.value.slice(-PAGE), hasOlder: isMore, hasNewer: before !== undefined } };
};

const unreadIn = (list: readonly Message[], { userId, position = 0 }: ReadMark): readonly Message[] =>
  list.filter((message) => message.position > position && message.user_id !== userId && message.deleted_at === null);

/** In a room that the user never read, the last messages count as unread, as many as chat counted. */
const lineAfter = ({ list, hasNewer }: Pages, mark: ReadMark): number | undefined => {
  if (mark.position !== undefined) return mark.position;
  const first = hasNewer || mark.unread === 0 ? undefined : unreadIn(list, mark).at(-mark.unread);
  return first && first.position - 1;
};

const isBehind = ({ list, hasOlder }: Pages, mark: ReadMark): boolean =>
  hasOlder &&
  mark.position !== undefined &&
  (list[0]?.position ?? 0) > mark.position &&
  mark.unread > unreadIn(list, mark).length;

const placed = (pages: Pages, mark: ReadMark, since: number): Answer<Stretch> => ({
  ok: true,
  value: isBehind(pages, mark)
    ? { ...pages, since, lineAfter: undefined, isBehind: true }
    : { ...pages, since, lineAfter: lineAfter(pages, mark), isBehind: false },
});

/** A cursor beyond every log: chat answers it with `resync`, so that a page without messages loads them once chat is back. */
export const NOTHING_READ = Number.MAX_SAFE_INTEGER;

/**
 * Reads the messages of a window, with the cursor of the socket. The cursor must not be ahead of the list: a change between the two reads
 * would be missed.
 * - The newest messages: the cursor is their highest `seq`. They and the room are read at the same time.
 * - Any other part of the history leaves out newer messages, so its cursor is the room's `last_seq`, read before the part. Without the room
 *   the part isn't read.
 * - Where the reader left off is such a part only if more is unread than one page holds.
 */
export const readStretch = async (
  readPage: ReadPage,
  room: Promise<Answer<Room>>,
  mark: Promise<ReadMark>,
  { isNewest, ...part }: Window,
): Promise<Answer<Stretch>> => {
  if (Object.keys(part).length > 0) {
    const found = await room;
    if (!found.ok) return found;
    const [read, known] = await Promise.all([readPages(readPage, part), mark]);
    return read.ok ? placed(read.value, known, found.value.last_seq) : read;
  }
  const [newest, known] = await Promise.all([readPages(readPage, {}), mark]);
  if (!newest.ok) return newest;
  if (!isNewest && isBehind(newest.value, known)) {
    const found = await room;
    const unread = await readAround(readPage, known.position ?? 0, READ_BEFORE, PAGE);
    if (found.ok && unread.ok) return placed(unread.value, known, found.value.last_seq);
  }
  return placed(newest.value, known, Math.max(0, ...newest.value.list.map(({ seq }) => seq)));
};
