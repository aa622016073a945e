/** For tests: a client of the socket that keeps every frame it gets. */
import { dial } from '@parley/kit/network/dial';
import { withTimeout } from '@parley/kit/time/timeout';
import type { ServerFrame } from '../frames.ts';

type FieldOf<F, Name> = F extends ServerFrame ? (Name extends keyof F ? F[Name] : never) : never;
type Fields<F> = F extends ServerFrame ? keyof F : never;

/** Any frame of the server: a field is there if frames of its `type` have it. */
export type Frame = {
  readonly [Name in Fields<ServerFrame>]?: FieldOf<ServerFrame, Name>;
} & Pick<ServerFrame, 'type'>;

export interface ConnectOptions {
  readonly room?: string;
  readonly user?: string;
  readonly username?: string;
  readonly since?: number;
  /** Asks for the activity of other rooms. */
  readonly activity?: boolean;
  /** The whole URL, instead of the fields above. */
  readonly url?: string;
  readonly token?: string;
  /** Further headers of the handshake. */
  readonly headers?: Record<string, string>;
}

export interface Closing {
  readonly code: number;
  readonly reason: string;
}

export type Predicate = (frame: Frame) => boolean;

export interface TestClient {
  /** All frames so far, in the order of arrival. */
  readonly frames: readonly Frame[];
  readonly closed: Promise<Closing>;
  send(frame: Record<string, unknown>): void;
  sendRaw(data: string | Uint8Array<ArrayBuffer>): void;
  /** The first frame, past or future, for which the predicate is true. Rejects after `timeoutMs`. */
  waitFor(predicate: Predicate, timeoutMs?: number): Promise<Frame>;
  /** Resolves when the socket is in its room and the service has read (not yet stored) every frame that was sent before. */
  joined(timeoutMs?: number): Promise<void>;
  close(): Promise<Closing>;
  /** Ends the connection without a close frame, like a lost network. */
  drop(): void;
}

const DEFAULT_TIMEOUT_MS = 20_000;

const addressOf = (
  wsUrl: string,
  { room = 'general', user = 'alice', username, since, activity }: ConnectOptions,
): string => {
  const url = new URL(`${wsUrl}/ws/${encodeURIComponent(room)}/${encodeURIComponent(user)}`);
  if (username !== undefined) url.searchParams.set('username', username);
  if (since !== undefined) url.searchParams.set('since', String(since));
  if (activity) url.searchParams.set('activity', 'true');
  return url.href;
};

const headersOf = ({ token, headers = {} }: ConnectOptions): Record<string, string> => ({
  ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  ...headers,
});

/** Resolves when the socket is open (it may be closed again at once, with a code); rejects when it doesn't open. */
export const connect = async (chat: { readonly wsUrl: string }, options: ConnectOptions = {}): Promise<TestClient> => {
  const address = options.url ?? addressOf(chat.wsUrl, options);
  const socket = dial(address, { headers: headersOf(options) });
  const frames: Frame[] = [];
  const listeners = new Set<(frame: Frame) => void>();
  const opened = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<Closing>();

  socket.onopen = () => opened.resolve();
  socket.onmessage = ({ data }) => {
    const frame: Frame = JSON.parse(String(data));
    if (!isProbeAnswer(frame)) frames.push(frame);
    for (const listener of listeners) listener(frame);
  };
  socket.onclose = ({ code, reason }) => {
    opened.reject(new Error(`${address} did not open: ${code} ${reason}`));
    closed.resolve({ code, reason });
  };

  const hear = (predicate: Predicate, timeoutMs: number): Promise<Frame> => {
    const heard = Promise.withResolvers<Frame>();
    const listener = (frame: Frame) => {
      if (predicate(frame)) heard.resolve(frame);
    };
    listeners.add(listener);
    const ended = closed.promise.then(({ code }): never => {
      throw new Error(`The socket was closed with ${code}; it had got ${JSON.stringify(frames.slice(-5))}`);
    });
    return withTimeout(Promise.race([heard.promise, ended]), timeoutMs).finally(() => listeners.delete(listener));
  };

  const send = (frame: Record<string, unknown>) => socket.send(JSON.stringify(frame));

  await opened.promise;
  return {
    frames,
    closed: closed.promise,
    send,
    sendRaw: (data) => socket.send(data),
    waitFor: async (predicate, timeoutMs = DEFAULT_TIMEOUT_MS) =>
      frames.find(predicate) ?? (await hear(predicate, timeoutMs)),
    joined: async (timeoutMs = DEFAULT_TIMEOUT_MS) => {
      const id = `${PROBE_PREFIX}${crypto.randomUUID()}`;
      const answered = hear((frame) => frame.id === id, timeoutMs);
      send({ type: 'probe', id });
      await answered;
    },
    close: () => {
      socket.close(1_000);
      return closed.promise;
    },
    drop: () => socket.terminate(),
  };
};

/** The service reads frames in order once the socket is in its room: so an error frame for a probe proves that it is. */
const PROBE_PREFIX = 'probe:';

const isProbeAnswer = ({ type, id }: Frame): boolean => type === 'error' && id?.startsWith(PROBE_PREFIX) === true;
