/** Which messages a room's page shows, and where its socket goes on from. */
import type { Answer } from '../services/call.ts';
import type { Message, Room, Services } from '../services/clients.ts';

const PAGE = 50;
const AROUND = 25;

/** Which part of a room's history: by the position that it ends before, begins after, or stands around. */
export interface Window {
  readonly before?: number;
  readonly after?: number;
  readonly at?: number;
}

interface Stretch {
  readonly list: readonly Message[];
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
}

/** One more than is shown is asked for, to know whether there are more. */
const readPages = async (
  chat: Pick<Services['chat'], 'messages'>,
  roomId: string,
  { before, after, at }: Window,
): Promise<Answer<Stretch>> => {
  const ask = (page: { limit: number; before?: number; after?: number }) => chat.messages(roomId, page);
  if (at !== undefined) {
    const [older, newer] = await Promise.all([
      ask({ limit: AROUND + 1, before: at + 1 }),
      ask({ limit: AROUND + 1, after: at }),
    ]);
    if (!older.ok) return older;
    if (!newer.ok) return newer;
    const list = [...older.value.slice(-AROUND), ...newer.value.slice(0, AROUND)];
    return { ok: true, value: { list, hasOlder: older.value.length > AROUND, hasNewer: newer.value.length > AROUND } };
  }
  const answer = await ask({ limit: PAGE + 1, ...(before ? { before } : after !== undefined && { after }) });
  if (!answer.ok) return answer;
  const isMore = answer.value.length > PAGE;
  if (after !== undefined && !before)
    return { ok: true, value: { list: answer.value.slice(0, PAGE), hasOlder: true, hasNewer: isMore } };
  return { ok: true, value: { list: answer.value.slice(-PAGE), hasOlder: isMore, hasNewer: before !== undefined } };
};

/** A cursor that no log has reached: a page without messages reads them as soon as chat is there. */
export const NOTHING_READ = Number.MAX_SAFE_INTEGER;

/**
 * The messages that a window shows, and the cursor behind which everything has to come over the socket. Of the newest messages it is
 * theirs. A part of the history is read by itself and leaves newer messages out: there it is the room's, which must not be ahead of
 * what is shown (a change between the reads would be missed). So a part is read after the room, and not at all without it.
 */
export const readStretch = async (
  chat: Pick<Services['chat'], 'messages'>,
  room: Promise<Answer<Room>>,
  roomId: string,
  window: Window,
): Promise<Answer<Stretch & { since: number }>> => {
  const isPart = Object.keys(window).length > 0;
  const found = isPart ? await room : undefined;
  if (found?.ok === false) return found;
  const read = await readPages(chat, roomId, window);
  if (!read.ok) return read;
  const since = found ? found.value.last_seq : Math.max(0, ...read.value.list.map(({ seq }) => seq));
  return { ok: true, value: { ...read.value, since } };
};
