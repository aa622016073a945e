/**
 * The bus over Redis pub/sub: one connection publishes, one subscribes. It subscribes only to the channels that have listeners here, and
 * to all of them again after a reconnect. Two faults come without an error. A connection can stop receiving: a canary message that is
 * published every interval finds that. And a server that has become a replica delivers only to its own subscribers: its role is read.
 */

import type { StoreState } from '../process/health.ts';
import { errorFields, type Log } from '../process/log.ts';
import { type Bus, BusAway, type Listener, type Unsubscribe } from './bus.ts';
import { connectRedis, isPrimary, type RedisClient } from './redis.ts';

const SUBSCRIBE_CHUNK = 1_000;

class RedisBus implements Bus {
  readonly #log: Log;
  readonly #publisher: RedisClient;
  readonly #subscriber: RedisClient;
  readonly #channels = new Map<string, Set<Listener>>();
  readonly #connectionListeners = new Set<(isConnected: boolean) => void>();
  readonly #canaryChannel = `parley:canary:${crypto.randomUUID()}`;
  readonly #canaryTimer: Timer;
  #isSubscribed = false;
  #isPrimary = false;
  #wasConnected = false;
  #isClosed = false;
  #heardCanary = true;

  constructor(url: string, log: Log, canaryIntervalMs: number) {
    this.#log = log;
    this.#publisher = connectRedis(url, log);
    this.#subscriber = connectRedis(url, log);
    this.#watchPublisher();
    this.#watchSubscriber();
    this.#canaryTimer = setInterval(() => this.#testConnections(), canaryIntervalMs);
  }

  get isConnected(): boolean {
    return this.#isSubscribed && this.#isPrimary && this.#publisher.status === 'ready' && !this.#isClosed;
  }

  probe(): StoreState {
    return this.isConnected ? 'connected' : 'unavailable';
  }

  async publish(channel: string, message: string): Promise<void> {
    if (this.#publisher.status === 'ready' && !this.#isPrimary) throw new BusAway();
    try {
      await this.#publisher.publish(channel, message);
    } catch (error) {
      throw new BusAway({ cause: error });
    }
  }

  async subscribe(channel: string, listener: Listener): Promise<Unsubscribe> {
    const listeners = this.#channels.get(channel) ?? new Set();
    // A wrapper each time: the same function may subscribe twice and unsubscribe once.
    const deliver: Listener = (message) => listener(message);
    this.#channels.set(channel, listeners.add(deliver));
    // Also sent when the channel has other listeners here: this promise resolves only once Redis has subscribed the connection.
    if (this.#subscriber.status === 'ready') await this.#subscriber.subscribe(channel).catch(this.#reconnect);
    return () => this.#unsubscribe(channel, deliver);
  }

  onConnection(listener: (isConnected: boolean) => void): void {
    this.#connectionListeners.add(listener);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#canaryTimer);
    this.#publisher.disconnect();
    this.#subscriber.disconnect();
  }

  #watchPublisher(): void {
    this.#publisher.on('ready', () => this.#readRole().catch(this.#logUnknownRole));
    this.#publisher.on('close', () => {
      this.#isPrimary = false;
      this.#announceConnection();
    });
  }

  #watchSubscriber(): void {
    this.#subscriber.on('ready', () => this.#subscribeAgain().catch(this.#reconnect));
    this.#subscriber.on('close', () => {
      this.#isSubscribed = false;
      this.#announceConnection();
    });
    this.#subscriber.on('message', (channel: string, message: string) => {
      if (channel === this.#canaryChannel) this.#heardCanary = true;
      for (const listener of this.#channels.get(channel) ?? []) listener(message);
    });
  }

  #unsubscribe(channel: string, listener: Listener): void {
    const listeners = this.#channels.get(channel);
    if (!listeners?.delete(listener) || listeners.size > 0) return;
    this.#channels.delete(channel);
    if (this.#subscriber.status === 'ready') this.#subscriber.unsubscribe(channel).catch(this.#reconnect);
  }

  /** A channel that is added during this sends its own command. */
  async #subscribeAgain(): Promise<void> {
    await this.#subscriber.subscribe(this.#canaryChannel);
    const names = [...this.#channels.keys()];
    for (let start = 0; start < names.length; start += SUBSCRIBE_CHUNK) {
      // Without the channels that were unsubscribed during the chunk before.
      const chunk = names.slice(start, start + SUBSCRIBE_CHUNK).filter((name) => this.#channels.has(name));
      if (chunk.length > 0) await this.#subscriber.subscribe(...chunk);
    }
    this.#heardCanary = true;
    this.#isSubscribed = true;
    this.#announceConnection();
  }

  readonly #reconnect = (error?: unknown): void => {
    if (this.#isClosed) return;
    this.#log.warn({ event: 'bus_rejoin', ...(error === undefined ? {} : errorFields(error)) });
    this.#isSubscribed = false;
    this.#announceConnection();
    this.#subscriber.disconnect(true);
  };

  readonly #logUnknownRole = (error: unknown): void =>
    this.#log.debug({ event: 'bus_role_unknown', ...errorFields(error) });

  #announceConnection(): void {
    if (this.isConnected === this.#wasConnected || this.#isClosed) return;
    this.#wasConnected = !this.#wasConnected;
    for (const listener of this.#connectionListeners) listener(this.#wasConnected);
  }

  async #readRole(): Promise<void> {
    this.#isPrimary = await isPrimary(this.#publisher);
    this.#announceConnection();
  }

  #testConnections(): void {
    if (this.#publisher.status === 'ready') this.#leaveReplica().catch(this.#logUnknownRole);
    this.#sendCanary();
  }

  /** Connects anew while the server is a replica: by then the address may lead to the new primary. */
  async #leaveReplica(): Promise<void> {
    await this.#readRole();
    if (this.#isPrimary || this.#isClosed) return;
    this.#publisher.disconnect(true);
    this.#subscriber.disconnect(true);
  }

  #sendCanary(): void {
    if (!this.isConnected) return;
    if (!this.#heardCanary) return this.#reconnect();
    this.#heardCanary = false;
    // After a failed publish the canary stays unheard, and the next round reconnects.
    this.#publisher
      .publish(this.#canaryChannel, '')
      .catch((error: unknown) => this.#log.debug({ event: 'canary_failed', ...errorFields(error) }));
  }
}

/**
 * @param options.canaryIntervalMs how often the connections are tested: a connection that receives nothing is replaced after two
 * intervals at most, one to a replica after one
 */
export const createRedisBus = (url: string, log: Log, { canaryIntervalMs = 2_000 } = {}): Bus =>
  new RedisBus(url, log, canaryIntervalMs);
