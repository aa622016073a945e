/** Services that answer what a test tells them to, and remember what they were asked. */
import type { Message, Notification, Room, Unread } from '../services/clients.ts';

export interface Asked {
  readonly service: string;
  readonly method: string;
  readonly path: string;
  readonly authorization: string | null;
  readonly body: string;
}

/** What the services have. Tests change it. */
export interface World {
  rooms: Room[];
  messages: Message[];
  unread: Unread[];
  notifications: Notification[];
  online: { user_id: string; username: string; online: boolean }[];
  /** The services that don't answer well: they say 503. */
  away: Set<string>;
}

export interface Upstreams {
  readonly world: World;
  readonly asked: Asked[];
  /** What presence was told, apart from the rest: no answer waits for it, so it may come in the middle of the next test. */
  readonly told: Asked[];
  /** The variables by which web finds them. */
  readonly env: Record<string, string>;
  stop(): Promise<void>;
}

export const aMessage = (position: number, fields: Partial<Message> = {}): Message => ({
  id: `00000000-0000-4000-8000-${String(position).padStart(12, '0')}`,
  room_id: 'general',
  user_id: 'bob',
  username: 'Bob',
  content: `message ${position}`,
  message_type: 'text',
  file_url: null,
  created_at: new Date(Date.UTC(2026, 0, 31, 12, 0, position)).toISOString(),
  position,
  seq: position,
  edited_at: null,
  mentions: [],
  deleted_at: null,
  ...fields,
});

const aWorld = (): World => ({
  rooms: [{ id: 'general', name: '# general', description: 'Everyone is here', last_seq: 3 }],
  messages: [aMessage(1), aMessage(2), aMessage(3)],
  unread: [],
  notifications: [],
  online: [{ user_id: 'bob', username: 'Bob', online: true }],
  away: new Set(),
});

type Answerer = (world: World, url: URL, method: string, body: string) => unknown;

const refusal = (status: number, detail: string) => Response.json({ detail, code: 'x' }, { status });

const page = ({ messages }: World, { searchParams }: URL): Message[] => {
  const limit = Number(searchParams.get('limit'));
  const [before, after] = [searchParams.get('before'), searchParams.get('after')];
  if (after !== null) return messages.filter(({ position }) => position > Number(after)).slice(0, limit);
  return messages.filter(({ position }) => before === null || position < Number(before)).slice(-limit);
};

const chat: Answerer = (world, url, method, body) => {
  const [, , room, what, id] = url.pathname.split('/');
  if (url.pathname === '/health') return { status: 'healthy', service: 'chat-service', postgres: 'connected' };
  if (url.pathname === '/unread') return world.unread;
  if (room === undefined && method === 'POST') return JSON.parse(body);
  if (room === undefined) return world.rooms;
  const found = world.rooms.find((one) => one.id === room);
  if (!found) return refusal(404, 'There is no such room');
  if (what === undefined) return found;
  if (what === 'read') return { status: 'ok', read_position: 0 };
  if (method === 'POST') return aMessage(world.messages.length + 1, JSON.parse(body) as Partial<Message>);
  if (id === undefined) return page(world, url);
  return world.messages.find((message) => message.id === id) ?? refusal(404, 'There is no such message');
};

const answerers: Record<string, Answerer> = {
  chat,
  presence: (world, { pathname }) =>
    pathname === '/health' ? { status: 'healthy', service: 'presence-service', redis: 'unavailable' } : world.online,
  notification: (world, { pathname }) => {
    if (pathname === '/health') return { status: 'healthy', service: 'notification-service' };
    const unread = world.notifications.filter(({ read }) => !read).length;
    return pathname.endsWith('/unread-count') ? { unread_count: unread } : world.notifications;
  },
  file: (_, { pathname }, __, body) => {
    if (pathname === '/health') return { status: 'healthy', service: 'file-service', bucket: '/secret/path' };
    if (body.includes('empty.txt')) return refusal(422, 'file: it is empty');
    if (body.includes('MZ')) return refusal(415, 'Programs are not taken');
    return {
      id: 'f1',
      original_name: 'notes.txt',
      content_type: 'text/plain',
      size_bytes: 5,
      download_url: '/api/files/f1/download',
    };
  },
};

export const startUpstreams = (): Upstreams => {
  const world = aWorld();
  const asked: Asked[] = [];
  const told: Asked[] = [];
  const env: Record<string, string> = {};
  const servers = Object.entries(answerers).map(([service, answer]) => {
    const server = Bun.serve({
      hostname: '127.0.0.1',
      port: 0,
      fetch: async (request) => {
        const [url, body] = [new URL(request.url), await request.text()];
        const { method, headers } = request;
        const path = url.pathname + url.search;
        const list = service === 'presence' && method === 'POST' ? told : asked;
        list.push({ service, method, path, authorization: headers.get('authorization'), body });
        if (world.away.has(service)) return refusal(503, 'Its store is away');
        const value = answer(world, url, method, body);
        return value instanceof Response ? value : Response.json(value);
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
    },
  };
};
