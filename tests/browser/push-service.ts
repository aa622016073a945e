/**
 * A push service for a real Firefox: Mozilla's protocol (JSON over a WebSocket) towards the browser, RFC 8030 towards the sender. It can't
 * read messages: only the browser has the key.
 */
import { checkVapid } from '@parley/notification/testing/vapid';
import type { Preferences } from './firefox.ts';

/** A frame of Firefox. One without a type is a ping. */
interface Frame {
  readonly messageType?: 'hello' | 'register' | 'unregister' | 'ack' | 'nack' | 'broadcast_subscribe';
  /** The browser's id, if it was connected before. */
  readonly uaid?: string;
  readonly channelID?: string;
  /** The VAPID public key that may push to this channel, base64url with padding. */
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

/** Firefox's code for a message that it decrypted and passed to the service worker. */
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

  /** Preferences that make Firefox use this service, and show notifications without a desktop. */
  const preferences: Preferences = {
    'dom.push.serverURL': `ws://127.0.0.1:${server.port}/`,
    // Off by default in a browser under automation.
    'dom.push.connection.enabled': true,
    'dom.push.testing.allowInsecureServerURL': true,
    'permissions.default.desktop-notification': 1,
    'alerts.useSystemBackend': false,
  };

  return {
    preferences,
    /** The channels with a subscription, each with the key that it was made with. */
    channels,
    /** All pushed messages, accepted or not. */
    posts,
    /** The browser's code for each message. */
    verdicts,
    close: () => server.stop(true),
  };
};

export type PushService = ReturnType<typeof startPushService>;
