/** A client of the library that records every change that it received, in order, and each of its messages that was acknowledged. */
import { joinRoom, type RoomConnection } from '@parley/client';

export interface Seen {
  readonly type: string;
  readonly id: string;
  readonly seq: number;
}

export interface SenderOptions {
  /** The address, asked for at each attempt to connect: it may be another replica's. */
  nextUrl(): string;
  readonly roomId: string;
  readonly userId: string;
}

export class Sender {
  readonly seen: Seen[] = [];
  readonly acked = new Set<string>();
  readonly #room: RoomConnection;
  #awaySince: number | undefined;
  reconnects = -1;
  /** The longest time from losing a socket to having the next. */
  longestAbsenceMs = 0;

  constructor({ nextUrl, roomId: room, userId: user }: SenderOptions) {
    this.#room = joinRoom({ urls: { chat: nextUrl }, room, user, since: 0, backoff: { maxMs: 200 } });
    for (const type of ['message', 'message_edited', 'message_deleted'] as const)
      this.#room.on(type, ({ id, seq }) => this.seen.push({ type, id, seq }));
    this.#room.on('state', ({ state }) => {
      if (state === 'waiting') this.#awaySince ??= performance.now();
      if (state === 'catching-up') this.#onOpen();
    });
  }

  get waiting(): number {
    return this.#room.unsent;
  }

  get isOpen(): boolean {
    const { state } = this.#room.status;
    return state === 'catching-up' || state === 'live';
  }

  /** Rejects when a message is refused for good or lost: the test that waits for the ack fails. */
  send(content: string): void {
    const sent = this.#room.send(content);
    void sent.then(({ client_id }) => this.acked.add(client_id));
  }

  close(): void {
    this.#room.close();
  }

  #onOpen(): void {
    this.reconnects += 1;
    const awayMs = performance.now() - (this.#awaySince ?? performance.now());
    this.longestAbsenceMs = Math.max(this.longestAbsenceMs, awayMs);
    this.#awaySince = undefined;
  }
}
