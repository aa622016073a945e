/** Sends the program's own messages by the queue, and resolves or rejects the promise of each. */
import type { ClientFrame, ServerFrame } from './api/frames.ts';
import { isBlank } from './blank.ts';
import { ParleyError, QUEUE_FULL } from './error.ts';
import { type RunningQueue, runQueue } from './queue.run.ts';
import { type Entry, newQueue, type QueueRules } from './queue.ts';
import { type ErrorFrame, refusalOf } from './refusal.ts';
import { randomUuid } from './uuid.ts';

type MessageFrame = Extract<ClientFrame, { type: 'message' }>;
type AckFrame = Extract<ServerFrame, { type: 'ack' }>;

/** A message to send. With a `client_id` (a UUID) of your own you may send it again after a restart of your program. */
export type NewMessage = Omit<MessageFrame, 'type'>;
/** The ack of a message that was stored. */
export type Stored = Omit<AckFrame, 'type'>;

interface Outgoing extends Entry {
  readonly frame: MessageFrame;
}

/** The promise that `send` returned, until the message is stored or refused. */
interface Waiting {
  readonly promise: Promise<Stored>;
  resolve(stored: Stored): void;
  reject(error: ParleyError): void;
}

const newWaiting = (): Waiting => {
  let functions: Omit<Waiting, 'promise'> | undefined;
  const promise = new Promise<Stored>((resolve, reject) => {
    functions = { resolve, reject };
  });
  return { promise, resolve: (stored) => functions?.resolve(stored), reject: (error) => functions?.reject(error) };
};

export interface SenderDeps {
  /** Sends a frame over the current connection. @returns false when there is none: nothing was sent */
  send(frame: ClientFrame): boolean;
  /** Opens another connection: the current one doesn't answer. */
  restart(): void;
  readonly rules: QueueRules;
}

/** The service closes the connection at a larger frame (1009), at each attempt to send it. */
const MAX_FRAME_BYTES = 64 * 1024;

/** @param status the one that chat's HTTP API has for a message that it won't store */
const refusal = (code: string, detail: string, status = 422): ParleyError => new ParleyError(detail, { status, code });

/** @returns why chat would never store the message */
const faultOf = (frame: MessageFrame): ParleyError | undefined => {
  if (isBlank(frame.content))
    return refusal('invalid_input', 'content: it is blank, and chat stores no blank messages');
  if (new TextEncoder().encode(JSON.stringify(frame)).length <= MAX_FRAME_BYTES) return undefined;
  return refusal('content_too_long', 'content: it is longer than a message may be; send it in parts or as a file');
};

export class Sender {
  readonly #queue: RunningQueue<Outgoing>;
  readonly #waiting = new Map<string, Waiting>();
  #ending: ParleyError | undefined;

  constructor({ send, restart, rules }: SenderDeps) {
    this.#queue = runQueue<Outgoing>(newQueue(rules), (effect) => {
      if (effect.type === 'send' && !send(effect.entry.frame)) this.#queue.dispatch({ type: 'close' });
      if (effect.type === 'restart') restart();
      if (effect.type === 'full')
        this.#fail(
          effect.entry.clientId,
          refusal(
            QUEUE_FULL,
            `${rules.maxEntries} messages wait to be sent; send this one when some of them are stored`,
            0,
          ),
        );
    });
  }

  /** The number of messages that aren't stored yet. */
  get unsent(): number {
    return this.#waiting.size;
  }

  /** @returns resolves when the message is stored; rejects with a {ParleyError} when it was refused for good */
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

  onConnection(type: 'open' | 'ready' | 'close'): void {
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

  /** Sends nothing any more, and rejects the waiting messages and all later ones. */
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
