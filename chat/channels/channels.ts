/** The bus's channels that are not of a room, each joined while sockets here want it: what comes goes to the topic of the same name. */
import type { Bus, Unsubscribe } from '@parley/kit/stores/bus';

export interface Channels {
  /** Joins a channel for one more socket. Each `enter` needs its `leave`. */
  enter(channel: string): void;
  leave(channel: string): void;
}

export interface ChannelsOptions {
  readonly bus: Bus;
  /** Sends a text to every socket of a topic. */
  publish(topic: string, text: string): void;
}

export const createChannels = ({ bus, publish }: ChannelsOptions): Channels => {
  const entries = new Map<string, { count: number; joined: Promise<Unsubscribe> }>();

  return {
    enter: (channel) => {
      const entry = entries.get(channel) ?? {
        count: 0,
        joined: bus.subscribe(channel, (text) => publish(channel, text)),
      };
      entry.count += 1;
      entries.set(channel, entry);
    },
    leave: (channel) => {
      const entry = entries.get(channel);
      if (!entry) return;
      entry.count -= 1;
      if (entry.count > 0) return;
      entries.delete(channel);
      void entry.joined.then((leave) => leave());
    },
  };
};
