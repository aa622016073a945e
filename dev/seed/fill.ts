/** Sends a conversation to a room through the client library, with a connection per person. */
import { type Call, createHttp, type HttpOptions, joinRoom, ParleyError, type RoomConnection } from '@parley/client';
import { createRoom, getRoom } from '@parley/client/api/chat';
import { type ConversationOptions, conversationOf, type Speaker, speakersOf } from './conversation.ts';

export interface FillOptions extends ConversationOptions {
  readonly http: HttpOptions;
  /** The person's token, when the suite has an AUTH_SECRET. */
  tokenOf?(speaker: Speaker): Promise<string | undefined>;
  /** Called after each turn with the number of messages stored so far. */
  onProgress?(stored: number): void;
}

/** @returns a client that calls as the first person */
const ensureRoom = async ({ http, room, people, tokenOf }: FillOptions): Promise<Call> => {
  const [maker] = speakersOf(people);
  const call = createHttp({ ...http, token: maker && (await tokenOf?.(maker)) });
  try {
    await call(getRoom, { room_id: room });
  } catch (error) {
    if (!(error instanceof ParleyError) || error.status !== 404) throw error;
    await call(createRoom, { id: room, name: `# ${room}`, description: 'Made by `bun run seed`' });
  }
  return call;
};

/** Connects every person before the first message: a socket that joined later would have to read the whole conversation first. */
const openConnections = async (options: FillOptions, since: number): Promise<Map<string, RoomConnection>> => {
  const { http, room, tokenOf } = options;
  const open = async (speaker: Speaker): Promise<[string, RoomConnection]> => {
    const { userId: user, username } = speaker;
    return [user, joinRoom({ ...http, token: await tokenOf?.(speaker), room, user, username, since })];
  };
  return new Map(await Promise.all(speakersOf(options.people).map(open)));
};

/**
 * Fills the room, and creates it if needed. Messages that are already stored are not stored twice, so a second run completes one that was
 * interrupted.
 * @returns how many messages were added
 * @throws {ParleyError} when the service rejects a message for a reason that retrying can't change
 */
export const fillRoom = async (options: FillOptions): Promise<number> => {
  const call = await ensureRoom(options);
  const readLastSeq = async () => (await call(getRoom, { room_id: options.room })).last_seq;
  const before = await readLastSeq();
  const connections = await openConnections(options, before);
  let stored = 0;
  try {
    // The messages of a turn are sent together; the next turn waits until they are stored, which keeps the order.
    for (const { speaker, messages } of conversationOf(options)) {
      await Promise.all(messages.map((message) => connections.get(speaker.userId)?.send(message)));
      stored += messages.length;
      options.onProgress?.(stored);
    }
    return (await readLastSeq()) - before;
  } finally {
    for (const connection of connections.values()) connection.close();
  }
};
