/** Starts the fake services for a test of web, and records the calls that web makes. */
import { aMessage, fakesOf, type World } from './fakes.ts';

export { aMessage };

export interface Asked {
  readonly service: string;
  readonly method: string;
  readonly path: string;
  readonly authorization: string | null;
  readonly body: string;
}

export interface Upstreams {
  readonly world: World;
  readonly asked: Asked[];
  /** Calls that no page awaits (heartbeats, members), recorded apart: one may arrive during the next test. */
  readonly told: Asked[];
  /** Web's variables with the addresses of the fakes. */
  readonly env: Record<string, string>;
  /** @throws when an answer violated its contract */
  stop(): Promise<void>;
}

const aWorld = (): World => ({
  rooms: [{ id: 'general', name: '# general', description: 'Everyone is here', last_seq: 3 }],
  messages: [aMessage(1), aMessage(2), aMessage(3)],
  unread: [],
  notifications: [],
  online: [{ user_id: 'bob', username: 'Bob', online: true, last_seen: '2026-01-31T12:00:00.000Z' }],
  away: new Set(),
  broken: [],
});

const away = () => Response.json({ detail: 'Its store is away', code: 'storage_unavailable' }, { status: 503 });

export const startUpstreams = (): Upstreams => {
  const world = aWorld();
  const asked: Asked[] = [];
  const told: Asked[] = [];
  const env: Record<string, string> = {};
  const servers = Object.entries(fakesOf(world)).map(([service, fake]) => {
    const server = Bun.serve({
      hostname: '127.0.0.1',
      port: 0,
      fetch: async (request) => {
        const [url, body] = [new URL(request.url), await request.clone().text()];
        const { method, headers } = request;
        const path = url.pathname + url.search;
        const isTold = (service === 'presence' && method === 'POST') || path.includes('/members/');
        const list = isTold ? told : asked;
        list.push({ service, method, path, authorization: headers.get('authorization'), body });
        return world.away.has(service) ? away() : fake.handle(request);
      },
    });
    env[`${service.toUpperCase()}_URL`] = `http://127.0.0.1:${server.port}`;
    return server;
  });
  return {
    world,
    asked,
    told,
    env,
    stop: async () => {
      for (const server of servers) await server.stop(true);
      if (world.broken.length > 0) throw new Error(`Answers violated their contracts:\n${world.broken.join('\n')}`);
    },
  };
};
