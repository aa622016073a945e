/** A WebSocket of this replica, from its upgrade to its close. The server calls `open`, `message`, `drain` and `closed`. */
import { type CloseCode, closeCodes } from '@parley/kit/network/close-codes';
import { type ServerFrame, toText } from '../frames.ts';
import type { ChatMetrics } from '../metrics.ts';

type Socket = Bun.ServerWebSocket<unknown>;

/** A close frame has room for 123 bytes of reason (RFC 6455, 5.5). */
const MAX_REASON_BYTES = 120;

/** The text, cut to the bytes of a close frame at the end of a character. */
const reasonOf = (text: string): string =>
  Buffer.from(text)
    .subarray(0, MAX_REASON_BYTES)
    .toString()
    .replace(/\uFFFD$/, '');

export abstract class Connection {
  readonly #metrics: Pick<ChatMetrics, 'closes'>;
  #socket: Socket | undefined;
  #drained: (() => void) | undefined;

  constructor(metrics: Pick<ChatMetrics, 'closes'>) {
    this.#metrics = metrics;
  }

  abstract message(data: string | Uint8Array): void;

  get isOpen(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Bytes that were sent and not yet taken by the network. */
  get bufferedBytes(): number {
    return this.#socket?.getBufferedAmount() ?? 0;
  }

  open(socket: Socket): void {
    this.#socket = socket;
  }

  /** The client has read what was buffered. */
  drain(): void {
    this.#drained?.();
    this.#drained = undefined;
  }

  closed(): void {
    this.drain();
  }

  close(reason: CloseCode, detail: string = closeCodes[reason].reason): void {
    if (!this.isOpen) return;
    this.#metrics.closes.inc({ reason });
    this.#socket?.close(closeCodes[reason].code, reasonOf(detail));
  }

  /** Sends the client to another replica. */
  move(): void {
    this.close('restarting');
  }

  subscribe(topic: string): void {
    this.#socket?.subscribe(topic);
  }

  unsubscribe(topic: string): void {
    if (this.isOpen) this.#socket?.unsubscribe(topic);
  }

  send(frame: ServerFrame): void {
    if (this.isOpen) this.#socket?.send(toText(frame));
  }

  /** Sends a text. Resolves when the client has read enough to be sent more, or the socket is closed. */
  async sendText(text: string): Promise<void> {
    if (!this.isOpen || this.#socket?.send(text) !== -1) return;
    await new Promise<void>((resolve) => {
      this.#drained = resolve;
    });
  }
}

/** A socket whose address is malformed. It is closed with the fault as soon as it opens. */
export class RefusedConnection extends Connection {
  readonly #fault: string;

  constructor(fault: string, metrics: Pick<ChatMetrics, 'closes'>) {
    super(metrics);
    this.#fault = fault;
  }

  override open(socket: Socket): void {
    super.open(socket);
    this.close('invalid_address', this.#fault);
  }

  message(): void {
    // The socket is closing: frames that the client sent before it saw that are ignored.
  }
}
