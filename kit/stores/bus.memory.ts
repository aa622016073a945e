/** The bus within one process. All buses of one URL are connected, so that services in one process reach each other. */
import { EventEmitter } from 'node:events';
import { type Bus, BusAway } from './bus.ts';

const emitters = new Map<string, EventEmitter>();

const emitterOf = (url: string): EventEmitter => {
  const emitter = emitters.get(url) ?? new EventEmitter().setMaxListeners(0);
  emitters.set(url, emitter);
  return emitter;
};

/** Prefixed, because an emitter throws on an event called `error`. */
const eventOf = (channel: string): string => `channel:${channel}`;

export const createMemoryBus = (url: string): Bus => {
  const emitter = emitterOf(url);
  const joined = new Set<() => void>();
  let isClosed = false;

  return {
    get isConnected() {
      return !isClosed;
    },
    probe: () => (isClosed ? 'unavailable' : 'embedded'),
    publish: async (channel, message) => {
      if (isClosed) throw new BusAway();
      queueMicrotask(() => emitter.emit(eventOf(channel), message));
    },
    subscribe: async (channel, listener) => {
      // A wrapper each time: the same function may subscribe twice and unsubscribe once.
      const deliver = (message: string) => listener(message);
      emitter.on(eventOf(channel), deliver);
      const leave = () => {
        emitter.off(eventOf(channel), deliver);
        joined.delete(leave);
      };
      joined.add(leave);
      return leave;
    },
    onConnection: () => undefined,
    close: async () => {
      isClosed = true;
      for (const leave of joined) leave();
    },
  };
};
