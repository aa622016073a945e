/** Messages of one's own on their way: the queue, and what each `send` is waiting for. */
import type { ClientFrame, ServerFrame } from './api/frames.ts';
import { isBlank } from './blank.ts';
import { ParleyError } from './error.ts';
import { type RunningQueue, runQueue } from './queue.run.ts';
import { type Entry, newQueue, type QueueRules } from './queue.ts';
import { type ErrorFrame, refusalOf } from './refusal.ts';
import { randomUuid } from './uuid.ts';

type MessageFrame = Extract<ClientFrame, { type: 'message' }>;
type AckFrame = Extract<ServerFrame, { type: 'ack' }>;

/** A message to send. A `client_id` of your own (a UUID) lets you send it again after a restart of your program. */
export type NewMessage = Omit<MessageFrame, 'type'>;
/** A message that is stored for good. */
export type Stored = Omit<AckFrame, 'type'>;

interface Outgoing extends Entry {
  readonly frame: MessageFrame;
}

/** Who waits for a message to be stored. */
interface Waiting {
  readonly promise: Promise<Stored>;
  resolve(stored: Stored): void;
  reject(error: ParleyError): void;
}

const newWaiting = (): Waiting => {
  let settle: Omit<Waiting, 'promise'> | undefined;
  const promise = new Promise<Stored>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, resolve: (stored) => settle?.resolve(stored), reject: (error) => settle?.reject(error) };
};

export interface SenderOptions {
  /** Sends a frame. The connection reports its loss by `onLost`. */
  send(frame: ClientFrame): boolean;
  /** Makes another connection: this one doesn't answer. */
  restart(): void;
  readonly rules: QueueRules;
}

/** A larger frame would end the connection, again and again. */
const MAX_FRAME_BYTES = 64 * 1024;

const refusal = (code: string, detail: string, status = 422): ParleyError => new ParleyError(detail, { status, code });

/** Why a message can't be sent at all. */
const faultOf = (frame: MessageFrame): ParleyError | undefined => {
  if (isBlank(frame.content)) return refusal('invalid_input', 'content: it has nothing to see');
  if (new TextEncoder().encode(JSON.stringify(frame)).length <= MAX_FRAME_BYTES) return undefined;
  return refusal('content_too_long', 'content: it is longer than a message may be; send it in parts or as a file');
};

export class Sender {
  readonly #queue: RunningQueue<Outgoing>;
  readonly #waiting = new Map<string, Waiting>();
  #ending: ParleyError | undefined;

  constructor({ send, restart, rules }: SenderOptions) {
    this.#queue = runQueue<Outgoing>(newQueue(rules), (effect) => {
      if (effect.type === 'send' && !send(effect.entry.frame)) this.#queue.dispatch({ type: 'close' });
      if (effect.type === 'restart') restart();
      if (effect.type === 'full')
        this.#fail(
          effect.entry.clientId,
          refusal('queue_full', `${rules.maxEntries} messages wait to be sent already`, 0),
        );
    });
  }

  /** How many messages aren't stored yet. */
  get unsent(): number {
    return this.#waiting.size;
  }

  /** @returns what resolves when the message is stored, and rejects with a {ParleyError} when it never will be */
  send(message: NewMessage): Promise<Stored> {
    const clientId = message.client_id ?? randomUuid();
    const known = this.#waiting.get(clientId);
    if (known) return known.promise;
    const frame: MessageFrame = { ...message, type: 'message', client_id: clientId };
    const fault = this.#ending ?? faultOf(frame);
    if (fault) return Promise.reject(fault);
    const waiting = newWaiting();
    this.#waiting.set(clientId, waiting);
    this.#queue.dispatch({ type: 'written', entry: { clientId, frame } });
    return waiting.promise;
  }

  onLink(type: 'open' | 'ready' | 'close'): void {
    this.#queue.dispatch({ type });
  }

  onAck({ type: _, ...stored }: AckFrame): void {
    this.#queue.dispatch({ type: 'acked', clientId: stored.client_id });
    this.#waiting.get(stored.client_id)?.resolve(stored);
    this.#waiting.delete(stored.client_id);
  }

  onError(frame: ErrorFrame): void {
    const refused = refusalOf(frame);
    if (refused?.type === 'postponed') this.#queue.dispatch(refused);
    if (refused?.type !== 'refused') return;
    const { clientId, fault } = refused;
    this.#queue.dispatch({ type: 'dropped', clientId });
    this.#fail(clientId, refusal(frame.code, fault));
  }

  /** Nothing is sent any more: what waits is rejected, and what is still to come. */
  end(error: ParleyError): void {
    this.#ending = error;
    this.#queue.close();
    for (const clientId of this.#waiting.keys()) this.#fail(clientId, error);
  }

  #fail(clientId: string, error: ParleyError): void {
    this.#waiting.get(clientId)?.reject(error);
    this.#waiting.delete(clientId);
  }
}
