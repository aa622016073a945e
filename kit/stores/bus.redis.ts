/**
 * The bus over Redis pub/sub: one connection publishes, one listens. It joins only the channels that have listeners here, and all
 * of them again after a reconnect. A listening connection can go deaf without an error, so a canary is sent through it; and a server that
 * has become a replica carries what is published there to its own listeners alone, so it is asked for its role.
 */

import { errorFields, type Log } from '../process/log.ts';
import { type Bus, BusAway, type Listener } from './bus.ts';
import { connectRedis, isPrimary } from './redis.ts';

const JOIN_CHUNK = 1_000;

/** @param options.canaryIntervalMs how often the connections are tested; a deaf one is dropped after two rounds at most, one to a replica after one */
export const createRedisBus = (url: string, log: Log, { canaryIntervalMs = 2_000 } = {}): Bus => {
  const publisher = connectRedis(url, log);
  const subscriber = connectRedis(url, log);
  const channels = new Map<string, Set<Listener>>();
  const connectionListeners = new Set<(isConnected: boolean) => void>();
  const canaryChannel = `parley:canary:${crypto.randomUUID()}`;
  let isJoined = false;
  let reachesAll = false;
  let wasConnected = false;
  let isClosed = false;
  let heardCanary = true;

  const isConnected = () => isJoined && reachesAll && publisher.status === 'ready' && !isClosed;

  const announce = () => {
    if (isConnected() === wasConnected || isClosed) return;
    wasConnected = !wasConnected;
    for (const listener of connectionListeners) listener(wasConnected);
  };

  const rejoin = async () => {
    await subscriber.subscribe(canaryChannel);
    const names = [...channels.keys()];
    for (let start = 0; start < names.length; start += JOIN_CHUNK) {
      // Some may have been left while the chunk before was joined.
      const chunk = names.slice(start, start + JOIN_CHUNK).filter((name) => channels.has(name));
      if (chunk.length > 0) await subscriber.subscribe(...chunk);
    }
    // A channel that was added while we were joining has asked for itself.
    heardCanary = true;
    isJoined = true;
    announce();
  };

  const dropDeafConnection = (error?: unknown) => {
    if (isClosed) return;
    log.warn({ event: 'bus_rejoin', ...(error === undefined ? {} : errorFields(error)) });
    isJoined = false;
    announce();
    subscriber.disconnect(true);
  };

  const readRole = async () => {
    reachesAll = await isPrimary(publisher);
    announce();
  };

  /** The address may lead to the new primary by now. */
  const leaveReplica = () => {
    publisher.disconnect(true);
    subscriber.disconnect(true);
  };

  const checkRole = async () => {
    await readRole();
    if (!reachesAll && !isClosed) leaveReplica();
  };

  const testConnections = () => {
    if (publisher.status === 'ready')
      checkRole().catch((error: unknown) => log.debug({ event: 'bus_role_unknown', ...errorFields(error) }));
    sendCanary();
  };

  const sendCanary = () => {
    if (!isConnected()) return;
    if (!heardCanary) return dropDeafConnection();
    heardCanary = false;
    // A failed publish leaves the canary unheard, which the next round notices.
    publisher
      .publish(canaryChannel, '')
      .catch((error: unknown) => log.debug({ event: 'canary_failed', ...errorFields(error) }));
  };

  subscriber.on('ready', () => rejoin().catch(dropDeafConnection));
  subscriber.on('close', () => {
    isJoined = false;
    announce();
  });
  publisher.on('ready', () =>
    readRole().catch((error: unknown) => log.debug({ event: 'bus_role_unknown', ...errorFields(error) })),
  );
  publisher.on('close', () => {
    reachesAll = false;
    announce();
  });
  subscriber.on('message', (channel: string, message: string) => {
    if (channel === canaryChannel) heardCanary = true;
    for (const listener of channels.get(channel) ?? []) listener(message);
  });
  const canaryTimer = setInterval(testConnections, canaryIntervalMs);

  const leave = (channel: string, listener: Listener) => {
    const listeners = channels.get(channel);
    if (!listeners?.delete(listener) || listeners.size > 0) return;
    channels.delete(channel);
    if (subscriber.status === 'ready') subscriber.unsubscribe(channel).catch(dropDeafConnection);
  };

  return {
    get isConnected() {
      return isConnected();
    },
    probe: () => (isConnected() ? 'connected' : 'unavailable'),
    publish: async (channel, message) => {
      if (publisher.status === 'ready' && !reachesAll) throw new BusAway();
      try {
        await publisher.publish(channel, message);
      } catch (error) {
        throw new BusAway({ cause: error });
      }
    },
    subscribe: async (channel, listener) => {
      const listeners = channels.get(channel) ?? new Set();
      const deliver: Listener = (message) => listener(message);
      channels.set(channel, listeners.add(deliver));
      // Asked for even when others listen here already: it resolves only once the channel is joined.
      if (subscriber.status === 'ready') await subscriber.subscribe(channel).catch(dropDeafConnection);
      return () => leave(channel, deliver);
    },
    onConnection: (listener) => connectionListeners.add(listener),
    close: async () => {
      isClosed = true;
      clearInterval(canaryTimer);
      publisher.disconnect();
      subscriber.disconnect();
    },
  };
};
