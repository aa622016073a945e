/** Bus channels that don't belong to a room. Each is subscribed to while sockets here want it; its events go to the topic of the same name. */
import type { Bus, Unsubscribe } from '@parley/kit/stores/bus';

export interface Channels {
  /** Counts one more socket that wants the channel. Each `enter` needs its `leave`. */
  enter(channel: string): void;
  leave(channel: string): void;
}

export interface ChannelsDeps {
  readonly bus: Bus;
  /** Sends a text to every socket of a topic on this replica. */
  publish(topic: string, text: string): void;
}

export const createChannels = ({ bus, publish }: ChannelsDeps): Channels => {
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
