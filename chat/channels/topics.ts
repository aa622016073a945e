/** The topics to which sockets here are subscribed. */
import type { AnyElysia } from 'elysia';

export interface Topics {
  /** Sends a text to every socket of a topic. Until the server listens there is none. */
  publish(topic: string, text: string): void;
  /** To be called as the application starts to listen. */
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
