/**
 * The topics of this replica's server. A channel carries events between replicas (on the bus); the topic of the same name carries them to
 * the sockets of one replica.
 */
import type { AnyElysia } from 'elysia';

export interface Topics {
  /** Sends a text to every socket of a topic. Before the server listens there are no sockets, and nothing is sent. */
  publish(topic: string, text: string): void;
  /** Takes the server. Call it when the application starts to listen. */
  open(app: Pick<AnyElysia, 'server'>): void;
}

export const createTopics = (): Topics => {
  let server: AnyElysia['server'] = null;
  return {
    publish: (topic, text) => void server?.publish(topic, text),
    open: (app) => {
      server = app.server;
    },
  };
};
