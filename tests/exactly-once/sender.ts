/**
 * A client as the protocol wants it: sends with a `client_id`, resends what wasn't acknowledged after each reconnect, resumes with
 * `since`, and keeps every change it saw, in the order it came.
 */
export interface Seen {
  readonly type: string;
  readonly id: string;
  readonly seq: number;
}

export interface SenderOptions {
  /** Where to connect, anew for each attempt: another replica may answer. */
  nextUrl(): string;
  readonly roomId: string;
  readonly userId: string;
}

const RECONNECT_MS = 100;

export class Sender {
  readonly seen: Seen[] = [];
  readonly acked = new Set<string>();
  readonly #unacked = new Map<string, string>();
  readonly #options: SenderOptions;
  #socket: WebSocket | undefined;
  #since = 0;
  #isClosed = false;
  #awaySince: number | undefined;
  reconnects = -1;
  /** The longest time without a socket, from when one was lost. */
  longestAbsenceMs = 0;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#connect();
  }

  get waiting(): number {
    return this.#unacked.size;
  }

  get isOpen(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  send(content: string): void {
    const clientId = crypto.randomUUID();
    const frame = JSON.stringify({ type: 'message', content, client_id: clientId });
    this.#unacked.set(clientId, frame);
    if (this.isOpen) this.#socket?.send(frame);
  }

  close(): void {
    this.#isClosed = true;
    this.#socket?.close();
  }

  #connect(): void {
    const { nextUrl, roomId, userId } = this.#options;
    const socket = new WebSocket(`${nextUrl().replace('http', 'ws')}/ws/${roomId}/${userId}?since=${this.#since}`);
    this.#socket = socket;
    socket.onopen = () => {
      this.reconnects += 1;
      this.longestAbsenceMs = Math.max(
        this.longestAbsenceMs,
        performance.now() - (this.#awaySince ?? performance.now()),
      );
      this.#awaySince = undefined;
      for (const frame of this.#unacked.values()) socket.send(frame);
    };
    socket.onmessage = ({ data }) => this.#receive(JSON.parse(String(data)));
    socket.onclose = () => {
      this.#awaySince ??= performance.now();
      if (!this.#isClosed) setTimeout(() => this.#connect(), RECONNECT_MS);
    };
  }

  #receive(event: { type: string; id: string; seq?: number; client_id?: string; code?: string }): void {
    if (event.type === 'ack' && event.client_id) {
      this.acked.add(event.client_id);
      this.#unacked.delete(event.client_id);
    } else if (event.type === 'error' && event.client_id) {
      this.#retry(event.client_id);
    } else if (event.type.startsWith('message') && event.seq !== undefined) {
      this.seen.push({ type: event.type, id: event.id, seq: event.seq });
      this.#since = event.seq;
    }
  }

  /** Refused for now: the same message again, in a moment. */
  #retry(clientId: string): void {
    setTimeout(() => {
      const frame = this.#unacked.get(clientId);
      if (frame && this.isOpen) this.#socket?.send(frame);
    }, RECONNECT_MS);
  }
}
