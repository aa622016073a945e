/** Says a conversation in a room, by the client library, as its people would. */
import { type Call, createHttp, type HttpOptions, joinRoom, ParleyError, type RoomConnection } from '@parley/client';
import { createRoom, getRoom } from '@parley/client/api/chat';
import { type ConversationOptions, conversationOf, type Speaker, speakersOf } from './conversation.ts';

export interface FillOptions extends ConversationOptions {
  readonly http: HttpOptions;
  /** Proves that one is this person, where the operator asks for it. */
  tokenOf?(speaker: Speaker): Promise<string | undefined>;
  /** After each turn: how many messages are stored by now. */
  onProgress?(stored: number): void;
}

/** @returns calls as the first of the people */
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

/** Every socket joins before the first message is sent: one that joined later would have to catch up with the whole conversation. */
const openConnections = async (options: FillOptions, since: number): Promise<Map<string, RoomConnection>> => {
  const { http, room, tokenOf } = options;
  const open = async (speaker: Speaker): Promise<[string, RoomConnection]> => {
    const { userId: user, username } = speaker;
    return [user, joinRoom({ ...http, token: await tokenOf?.(speaker), room, user, username, since })];
  };
  return new Map(await Promise.all(speakersOf(options.people).map(open)));
};

/**
 * Fills the room, which is made when there is none. What is stored already is not stored again, so that a run that was broken off is
 * continued by another one.
 * @returns how many messages were added
 * @throws {ParleyError} when the service refuses for good
 */
export const fillRoom = async (options: FillOptions): Promise<number> => {
  const call = await ensureRoom(options);
  const readLastSeq = async () => (await call(getRoom, { room_id: options.room })).last_seq;
  const before = await readLastSeq();
  const connections = await openConnections(options, before);
  let stored = 0;
  try {
    // A turn is sent at once, and the next one when it is stored: the order is the conversation's.
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
