/**
 * A push service for a real Firefox: its own protocol, JSON over a WebSocket, towards the browser, and RFC 8030 towards whoever pushes.
 * It can't read what it passes on: only the browser has the key.
 */
import { checkVapid } from '@parley/notification/testing/vapid';
import type { Preferences } from './firefox.ts';

/** What Firefox says. A frame without a type is a ping. */
interface Frame {
  readonly messageType?: 'hello' | 'register' | 'unregister' | 'ack' | 'nack' | 'broadcast_subscribe';
  /** Who it is, if it was here before. */
  readonly uaid?: string;
  readonly channelID?: string;
  /** The only one who may push to this channel: a VAPID public key, base64url with padding. */
  readonly key?: string;
  readonly updates?: readonly { readonly code: number }[];
  readonly code?: number;
}

export interface Post {
  readonly channel: string;
  readonly vapidKey: string;
  readonly body: Buffer;
  readonly status: number;
}

/** What Firefox says of a message that it decrypted and gave to the service worker. */
export const DELIVERED = 100;

export const startPushService = () => {
  const channels = new Map<string, string>();
  const posts: Post[] = [];
  const verdicts: number[] = [];
  let browser: Bun.ServerWebSocket | undefined;

  const answers: Record<string, (frame: Frame) => object> = {
    hello: ({ uaid = crypto.randomUUID() }) => ({ uaid, use_webpush: true }),
    register: ({ channelID = '', key = '' }) => {
      channels.set(channelID, key.replace(/=+$/, ''));
      return { channelID, pushEndpoint: `${server.url.origin}/push/${channelID}` };
    },
    unregister: ({ channelID = '' }) => {
      channels.delete(channelID);
      return { channelID };
    },
  };

  const hear = (socket: Bun.ServerWebSocket, text: string): void => {
    const frame = JSON.parse(text) as Frame;
    const { messageType: type, updates = [], code } = frame;
    if (type === undefined) return void socket.send('{}');
    if (type === 'ack' || type === 'nack')
      verdicts.push(...updates.map((update) => update.code), ...(code ? [code] : []));
    const answer = answers[type]?.(frame);
    if (answer) socket.send(JSON.stringify({ messageType: type, status: 200, ...answer }));
  };

  const statusOf = ({ headers }: Request, channel: string, vapidKey: string): number => {
    if (!channels.has(channel)) return 410;
    if (channels.get(channel) !== vapidKey) return 403;
    if (headers.get('content-encoding') !== 'aes128gcm') return 415;
    return headers.has('ttl') ? 201 : 400;
  };

  const receive = async (request: Request): Promise<Response> => {
    const { pathname, origin } = new URL(request.url);
    const channel = pathname.replace('/push/', '');
    const vapidKey = await checkVapid(request.headers.get('authorization') ?? '', origin);
    const body = Buffer.from(await request.arrayBuffer());
    const status = statusOf(request, channel, vapidKey);
    posts.push({ channel, vapidKey, body, status });
    const message = { messageType: 'notification', channelID: channel, version: crypto.randomUUID() };
    const sealed = { data: body.toString('base64url'), headers: { encoding: 'aes128gcm' } };
    if (status === 201) browser?.send(JSON.stringify({ ...message, ...sealed }));
    return new Response(null, { status });
  };

  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch: (request, self) => (self.upgrade(request) ? undefined : receive(request)),
    websocket: {
      open: (socket) => {
        browser = socket;
      },
      message: (socket, text) => hear(socket, String(text)),
    },
  });

  /** Make Firefox use it, and show notifications where there is no desktop to show them. */
  const preferences: Preferences = {
    'dom.push.serverURL': `ws://127.0.0.1:${server.port}/`,
    // Off in a browser that is driven, unless it was asked for.
    'dom.push.connection.enabled': true,
    'dom.push.testing.allowInsecureServerURL': true,
    'permissions.default.desktop-notification': 1,
    'alerts.useSystemBackend': false,
  };

  return {
    preferences,
    /** The channels that browsers are subscribed on, and the key that each was subscribed with. */
    channels,
    /** What was pushed, taken or not. */
    posts,
    /** The codes by which the browser said what became of each message. */
    verdicts,
    close: () => server.stop(true),
  };
};

export type PushService = ReturnType<typeof startPushService>;
