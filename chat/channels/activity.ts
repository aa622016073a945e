/**
 * Activity: what happens in rooms that a client has not opened, for the badges and the list beside the conversation. Only sockets that
 * ask for it get it, in batches, so that a busy room costs them a few small events a second. An event may get lost: `GET /unread` answers
 * from the log.
 */
import type { Bus } from '@parley/kit/stores/bus';
import { type ServerFrame, toText } from '../frames.ts';
import type { CommitListener } from '../messages/message-log.ts';
import { isAsBorn, type Message } from '../messages/rules.ts';
import type { RoomEvents } from '../rooms/routes.ts';
import type { Room } from '../rooms/rules.ts';

export interface ActivityDeps {
  readonly bus: Bus;
  /** Sends a text to every socket of a topic on this replica. */
  publish(topic: string, text: string): void;
  readonly gatherMs?: number;
}

type RoomActivity = ServerFrame & { type: 'room_activity' };
type Entry = RoomActivity['rooms'][number];
type Committed = Parameters<CommitListener['committed']>[1][number];

export const ACTIVITY_CHANNEL = 'activity';
export const ownActivityChannelOf = (userId: string): string => `activity:${userId}`;

const GATHER_MS = 250;
/** The most entries in one event. Further ones show when the page next asks `GET /unread`. */
const MOST_ENTRIES = 200;

export class Activity implements CommitListener, RoomEvents {
  readonly #deps: ActivityDeps;
  /** New messages since the last event, by room and author. */
  readonly #gathered = new Map<string, Entry>();
  readonly #deleted: RoomActivity['deleted'] = [];
  #timer: Timer | undefined;

  constructor(deps: ActivityDeps) {
    this.#deps = deps;
  }

  /** Gathers changes that were just committed in a room: new messages, which the badges add, and deleted ones, which they subtract. */
  committed(roomId: string, written: readonly Pick<Committed, 'message'>[]): void {
    for (const { message } of written) {
      if (isAsBorn(message)) this.#gather(roomId, message);
      else if (message.deleted_at !== null) this.#gatherDeleted(roomId, message);
    }
    if (this.#gathered.size + this.#deleted.length > 0)
      this.#timer ??= setTimeout(() => this.#flush(), this.#deps.gatherMs ?? GATHER_MS);
  }

  created({ id, name, description }: Room): void {
    this.#send(ACTIVITY_CHANNEL, { type: 'room_created', room_id: id, name, description });
  }

  /** Tells the user's other pages how far the user has read a room. */
  read(userId: string, roomId: string, position: number): void {
    this.#send(ownActivityChannelOf(userId), { type: 'room_read', room_id: roomId, read_position: position });
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  /** Sends an event to the sockets on all replicas; while the bus is away, to those here. */
  #send(channel: string, event: ServerFrame): void {
    const { bus, publish } = this.#deps;
    const text = toText(event);
    bus.publish(channel, text).catch(() => publish(channel, text));
  }

  #flush(): void {
    this.#timer = undefined;
    this.#send(ACTIVITY_CHANNEL, {
      type: 'room_activity',
      rooms: [...this.#gathered.values()],
      deleted: this.#deleted,
    });
    this.#gathered.clear();
    this.#deleted.length = 0;
  }

  #gather(roomId: string, { user_id, position }: Message): void {
    const key = `${roomId} ${user_id}`;
    const known = this.#gathered.get(key);
    if (known) this.#gathered.set(key, { ...known, messages: known.messages + 1, last_position: position });
    else if (this.#gathered.size < MOST_ENTRIES)
      this.#gathered.set(key, {
        room_id: roomId,
        user_id,
        messages: 1,
        first_position: position,
        last_position: position,
      });
  }

  #gatherDeleted(room_id: string, { user_id, position, seq }: Message): void {
    if (this.#deleted.length < MOST_ENTRIES) this.#deleted.push({ room_id, user_id, position, seq });
  }
}
