/** The session of a socket: joins its room, reads its frames in order, answers with acks and errors. */

import { Failure } from '@parley/kit/errors/failure';
import { toFailure } from '@parley/kit/http/failures';
import { type Bucket, type BucketLimits, fullBucket, takeToken } from '@parley/kit/limits/bucket';
import type { CloseCode } from '@parley/kit/network/close-codes';
import { errorFields, type Log } from '@parley/kit/process/log';
import { userChannelOf } from '@parley/notification/contract';
import { ACTIVITY_CHANNEL, ownActivityChannelOf } from '../channels/activity.ts';
import type { Channels } from '../channels/channels.ts';
import { catchUp } from '../delivery/catch-up.ts';
import type { Subscriber } from '../delivery/feed.ts';
import type { Hub, Seat } from '../delivery/hub.ts';
import { type ErrorCode, errors, isErrorCode } from '../errors.ts';
import { type ClientFrame, errorFrame, parseFrame } from '../frames.ts';
import type { MessageLog } from '../messages/message-log.ts';
import type { MessageStore } from '../messages/store.ts';
import type { ChatMetrics } from '../metrics.ts';
import type { Person } from '../people.ts';
import type { Address } from './address.ts';
import { Connection } from './connection.ts';
import { createHandlers, type FrameHandlers } from './handlers.ts';

export interface SessionDeps {
  readonly hub: Pick<Hub, 'join' | 'announce'>;
  readonly channels: Channels;
  readonly messageLog: MessageLog;
  readonly store: Pick<MessageStore, 'changesSince'>;
  readonly metrics: ChatMetrics;
  readonly log: Log;
  readonly limits: BucketLimits;
  readonly resyncLimit: number;
}

/** Each frame over the rate limit adds 1 to the socket's count, each accepted frame subtracts 1. Above this, the socket is closed. */
const MAX_REFUSED = 100;

/** The close code for a failure to join; `unavailable` for any other failure. */
const closeCodeByFailure: Partial<Record<ErrorCode, CloseCode>> = {
  unknown_room: 'unknown_room',
  unauthenticated: 'unauthenticated',
  forbidden: 'unauthenticated',
  foreign_origin: 'foreign_origin',
  foreign_host: 'foreign_origin',
};

/** The channels from which a socket gets events, beside its room. */
const channelsOf = ({ userId, hasActivity }: Address): string[] => [
  userChannelOf(userId),
  ...(hasActivity ? [ACTIVITY_CHANNEL, ownActivityChannelOf(userId)] : []),
];

export class Session extends Connection implements Subscriber {
  readonly person: Person;
  readonly #address: Address;
  readonly #deps: SessionDeps;
  readonly #authorize: () => Promise<void>;
  readonly #handlers: FrameHandlers;
  #seat: Seat | undefined;
  /** The channels that the socket has entered. */
  #channels: readonly string[] = [];
  #bucket: Bucket;
  #refused = 0;
  /** Frames that arrive before the join completes are queued, up to one burst. Undefined after that. */
  #early: (string | Uint8Array)[] | undefined = [];
  #isMoving = false;

  /** @param authorize throws a `Failure` when the request may not act as the user of the address */
  constructor(address: Address, deps: SessionDeps, authorize: () => Promise<void>) {
    super(deps.metrics);
    this.#address = address;
    this.#deps = deps;
    this.#authorize = authorize;
    this.#bucket = fullBucket(deps.limits, performance.now());
    this.person = { userId: address.userId, username: address.username };
    this.#handlers = createHandlers({
      address,
      hub: deps.hub,
      messageLog: deps.messageLog,
      send: (frame) => this.send(frame),
      write: (blame, run) => void this.#write(blame, run),
    });
  }

  override open(socket: Bun.ServerWebSocket<unknown>): void {
    super.open(socket);
    this.#join().catch((error: unknown) => this.#refuseJoin(toFailure(error)));
  }

  message(data: string | Uint8Array): void {
    if (!this.#early) return this.#read(data);
    if (this.#early.length >= this.#deps.limits.burst) return this.close('flooding');
    this.#early.push(data);
  }

  override closed(): void {
    super.closed();
    for (const channel of this.#channels) this.#deps.channels.leave(channel);
    this.#channels = [];
    this.#seat?.leave(!this.#isMoving);
  }

  /** Sends the client to another replica: no leave is announced. */
  override move(): void {
    this.#isMoving = true;
    super.move();
  }

  async #join(): Promise<void> {
    await this.#authorize();
    const { hub, store, resyncLimit } = this.#deps;
    const { roomId, since } = this.#address;
    const seat = await hub.join(roomId, this);
    this.#seat = seat;
    const enter = () => this.#enter(seat);
    // It may have closed during the awaits above, before there was a seat to leave.
    if (!this.isOpen) seat.leave();
    else if (since === undefined) enter();
    else await catchUp({ socket: this, feed: seat.feed, store, resyncLimit, roomId, since, enter });
  }

  #enter(seat: Seat): void {
    if (!this.isOpen) return;
    const { roomId, since } = this.#address;
    if (since !== undefined) this.send({ type: 'ready', room_id: roomId, seq: seat.feed.delivered });
    const held = seat.take();
    this.#channels = channelsOf(this.#address);
    for (const channel of this.#channels) {
      this.#deps.channels.enter(channel);
      this.subscribe(channel);
    }
    // An answer tells the client that it is in the room. Read frames only when the other replicas can see that in the roster.
    void held.then(() => this.#readEarly());
  }

  #readEarly(): void {
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const data of early) this.#read(data);
  }

  #refuseJoin(failure: Failure): void {
    if (failure.status === 500) this.#deps.log.error({ event: 'join_failed', ...errorFields(failure.cause) });
    this.close((isErrorCode(failure.code) && closeCodeByFailure[failure.code]) || 'unavailable');
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

  #handle<Type extends ClientFrame['type']>(frame: ClientFrame<Type>): void {
    this.#handlers[frame.type](frame);
  }

  #takeToken(): void {
    const { bucket, retryAfterMs } = takeToken(this.#bucket, this.#deps.limits, performance.now());
    this.#bucket = bucket;
    if (retryAfterMs === 0) {
      this.#refused = Math.max(0, this.#refused - 1);
      return;
    }
    throw new Failure(errors.rate_limited, `Too many frames; the next is taken in ${retryAfterMs} ms`, {
      fields: { retry_after_ms: retryAfterMs },
    });
  }

  #refuse(failure: Failure): void {
    this.#deps.metrics.refusals.inc({ code: failure.code });
    if (failure.status === 500) this.#deps.log.error({ event: 'frame_failed', ...errorFields(failure.cause) });
    this.send(errorFrame(failure));
    if (!failure.is(errors.rate_limited)) return;
    this.#refused += 1;
    if (this.#refused > MAX_REFUSED) this.close('flooding');
  }

  async #write(blame: Record<string, string>, run: () => Promise<unknown>): Promise<void> {
    try {
      await run();
    } catch (error) {
      this.#refuse(toFailure(error).with(blame));
    }
  }
}
