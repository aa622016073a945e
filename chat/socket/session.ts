/** One socket, from its upgrade to its close: joins its room, reads its frames in order, answers with acks and errors. */

import { Failure } from '@parley/kit/errors/errors';
import { toFailure } from '@parley/kit/http/failures';
import { type Bucket, type BucketLimits, fullBucket, takeToken } from '@parley/kit/limits/bucket';
import { type CloseCode, closeCodes } from '@parley/kit/network/close-codes';
import { errorFields, type Log as Logger } from '@parley/kit/process/log';
import { userChannelOf } from '@parley/notification/contract';
import { ACTIVITY_CHANNEL, ownActivityChannelOf } from '../channels/activity.ts';
import type { Channels } from '../channels/channels.ts';
import { catchUp } from '../delivery/catch-up.ts';
import type { Feed, Subscriber } from '../delivery/feed.ts';
import type { Hub } from '../delivery/hub.ts';
import { type ClientFrame, errorFrame, parseFrame, type ServerFrame, toText } from '../frames.ts';
import type { Log } from '../messages/message-log.ts';
import { tidyContent, tidyEdit } from '../messages/rules.ts';
import type { MessageStore } from '../messages/store.ts';
import type { ChatMetrics } from '../metrics.ts';
import type { Person } from '../roster/roster.ts';
import type { Address } from './address.ts';

export interface SessionDeps {
  readonly hub: Hub;
  readonly channels: Channels;
  readonly log: Log;
  readonly store: Pick<MessageStore, 'changesSince'>;
  readonly metrics: ChatMetrics;
  readonly logger: Logger;
  readonly limits: BucketLimits;
  readonly resyncLimit: number;
}

type Socket = Bun.ServerWebSocket<unknown>;

/** How many more frames may be refused than were taken since: beyond that a socket is flooding. */
const MAX_REFUSED = 100;

/** Where a socket's events come from, beside its room. */
const channelsOf = ({ userId, hasActivity }: Address): string[] => [
  userChannelOf(userId),
  ...(hasActivity ? [ACTIVITY_CHANNEL, ownActivityChannelOf(userId)] : []),
];

export class Session implements Subscriber {
  readonly person: Person;
  readonly #address: Address | string;
  readonly #deps: SessionDeps;
  readonly #authorize: () => Promise<void>;
  #socket: Socket | undefined;
  #feed: Feed | undefined;
  #bucket: Bucket;
  #refused = 0;
  #early: (string | Uint8Array)[] | undefined = [];
  #drained: (() => void) | undefined;
  #isMoving = false;

  /** @param authorize throws when the request may not act as the user of the address */
  constructor(address: Address | string, deps: SessionDeps, authorize: () => Promise<void>) {
    this.#address = address;
    this.#deps = deps;
    this.#authorize = authorize;
    this.#bucket = fullBucket(deps.limits, performance.now());
    this.person = typeof address === 'string' ? { userId: '', username: '' } : address;
  }

  get isOpen(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  get bufferedBytes(): number {
    return this.#socket?.getBufferedAmount() ?? 0;
  }

  open(socket: Socket): void {
    this.#socket = socket;
    if (typeof this.#address === 'string') return this.close('invalid_address', this.#address);
    this.#join(this.#address).catch((error: unknown) => this.#refuseJoin(toFailure(error)));
  }

  message(data: string | Uint8Array): void {
    if (!this.#early) return this.#read(data);
    // Not in its room yet, it may say at once what it may always say at once.
    if (this.#early.length >= this.#deps.limits.burst) return this.close('flooding');
    this.#early.push(data);
  }

  drain(): void {
    this.#drained?.();
    this.#drained = undefined;
  }

  closed(): void {
    this.drain();
    const address = this.#address;
    if (typeof address === 'string' || !this.#feed) return;
    for (const channel of channelsOf(address)) this.#deps.channels.leave(channel);
    this.#deps.hub.leave(address.roomId, this.#feed, this, !this.#isMoving);
    this.#feed = undefined;
  }

  close(reason: CloseCode, detail: string = closeCodes[reason].reason): void {
    if (!this.isOpen) return;
    this.#deps.metrics.closes.inc({ reason });
    // A close frame has room for 123 bytes of reason (RFC 6455, 5.5).
    this.#socket?.close(
      closeCodes[reason].code,
      Buffer.from(detail)
        .subarray(0, 120)
        .toString()
        .replace(/\uFFFD$/, ''),
    );
  }

  /** Sends the client to another replica: it is not leaving its room. */
  move(): void {
    this.#isMoving = true;
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

  /** Sends a text and waits while the client is slow to read. */
  async sendText(text: string): Promise<void> {
    if (!this.isOpen || this.#socket?.send(text) !== -1) return;
    await new Promise<void>((resolve) => {
      this.#drained = resolve;
    });
  }

  async #join(address: Address): Promise<void> {
    await this.#authorize();
    const { hub, store, resyncLimit } = this.#deps;
    const { roomId, since } = address;
    const feed = await hub.open(roomId);
    const enter = () => this.#enter(feed, address);
    try {
      if (since === undefined) enter();
      else await catchUp({ session: this, feed, store, resyncLimit, roomId, since, enter });
    } finally {
      hub.settle(roomId, feed);
    }
  }

  #enter(feed: Feed, address: Address): void {
    if (!this.isOpen) return;
    const { roomId, since } = address;
    if (since !== undefined) this.send({ type: 'ready', room_id: roomId, seq: feed.delivered });
    this.#feed = feed;
    const held = feed.add(this);
    for (const channel of channelsOf(address)) {
      this.#deps.channels.enter(channel);
      this.subscribe(channel);
    }
    // An answer tells the client that it is in its room: not before the other replicas can know.
    void held.then(() => this.#readEarly());
  }

  #readEarly(): void {
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const data of early) this.#read(data);
  }

  #refuseJoin(failure: Failure): void {
    const reasons: Partial<Record<Failure['code'], CloseCode>> = {
      unknown_room: 'unknown_room',
      unauthenticated: 'unauthenticated',
      forbidden: 'unauthenticated',
      foreign_origin: 'foreign_origin',
      foreign_host: 'foreign_origin',
    };
    if (failure.status === 500) this.#deps.logger.error({ event: 'join_failed', ...errorFields(failure.cause) });
    this.close(reasons[failure.code] ?? 'unavailable');
  }

  #read(data: string | Uint8Array): void {
    try {
      this.#takeToken();
      const frame = parseFrame(data);
      this.#deps.metrics.framesIn.inc({ type: frame.type });
      this.#handle(frame);
    } catch (error) {
      this.#refuse(toFailure(error));
    }
  }

  #takeToken(): void {
    const { bucket, retryAfterMs } = takeToken(this.#bucket, this.#deps.limits, performance.now());
    this.#bucket = bucket;
    if (retryAfterMs === 0) {
      this.#refused = Math.max(0, this.#refused - 1);
      return;
    }
    throw new Failure('rate_limited', `Too many frames; the next is taken in ${retryAfterMs} ms`, {
      fields: { retry_after_ms: retryAfterMs },
    });
  }

  #refuse(failure: Failure): void {
    this.#deps.metrics.refusals.inc({ code: failure.code });
    if (failure.status === 500) this.#deps.logger.error({ event: 'frame_failed', ...errorFields(failure.cause) });
    this.send(errorFrame(failure));
    if (failure.code !== 'rate_limited') return;
    this.#refused += 1;
    if (this.#refused > MAX_REFUSED) this.close('flooding');
  }

  #handle(frame: ClientFrame): void {
    if (typeof this.#address === 'string') return;
    const { roomId, userId } = this.#address;
    const { log } = this.#deps;
    if (frame.type === 'message') return this.#sendMessage(roomId, frame);
    if (frame.type === 'edit')
      return this.#answer({ id: frame.id }, () => log.edit(roomId, frame.id, userId, tidyEdit(frame.content)));
    if (frame.type === 'delete') return this.#answer({ id: frame.id }, () => log.remove(roomId, frame.id, userId));
    if (frame.type === 'ping') return this.send({ type: 'pong' });
    this.#deps.hub.announce(roomId, {
      type: frame.type,
      user_id: userId,
      username: this.person.username,
      room_id: roomId,
    });
  }

  #sendMessage(roomId: string, frame: ClientFrame & { type: 'message' }): void {
    const { message_type: messageType = 'text', file_url: fileUrl = null, client_id: clientId = null } = frame;
    this.#answer(clientId === null ? {} : { client_id: clientId }, async () => {
      const content = tidyContent(frame.content);
      if (content === '') return;
      const { message } = await this.#deps.log.append(roomId, {
        ...this.person,
        content,
        messageType,
        fileUrl,
        clientId,
      });
      if (clientId !== null)
        this.send({
          type: 'ack',
          client_id: clientId,
          id: message.id,
          seq: message.seq,
          timestamp: message.created_at,
        });
    });
  }

  /**
   * Runs a write, whose request to the log is made before this returns: a socket's frames keep their order.
   * @param blame what names the frame in an error
   */
  #answer(blame: Record<string, string>, write: () => Promise<unknown>): void {
    const run = async () => {
      try {
        await write();
      } catch (error) {
        const { code, detail, fields, cause } = toFailure(error);
        this.#refuse(new Failure(code, detail, { fields: { ...fields, ...blame }, cause }));
      }
    };
    void run();
  }
}
