/**
 * Links a client's WebSocket to a service's: frames both ways in order, close codes and reasons passed on, what waits for a slow
 * side bounded.
 */
import { dial } from '@parley/kit/network/dial';

export const MAX_WAITING_BYTES = 1_024 * 1_024;

type Frame = string | Buffer;

/** Hop-by-hop or the handshake's own: the new connection has its own. `Host` is passed on: by it a service knows its own pages. */
const HANDSHAKE = /^(connection|upgrade|content-length|sec-websocket-(key|version|extensions|protocol))$/;

/** Codes that an endpoint may not send: they say that no close frame came. */
const isSendable = (code: number): boolean => code >= 1000 && code < 5000 && ![1004, 1005, 1006, 1015].includes(code);

export interface Link {
  /** The subprotocol that the service chose. */
  readonly protocol: string;
  /** The client's side is open: what the service has said so far goes to it. */
  open(client: Bun.ServerWebSocket<Link>): void;
  /** A frame from the client. */
  forward(frame: Frame): void;
  /** The client has gone. */
  end(code: number, reason: string): void;
}

const sizeOf = (frame: Frame): number => frame.length;

/**
 * Opens the service's side first, so that a client is let in only where the service is.
 * @param headers of the client's request
 * @throws when the service can't be reached or refuses
 */
export const connectLink = async (url: string, headers: Headers, timeoutMs: number): Promise<Link> => {
  const passed = [...headers].filter(([name]) => !HANDSHAKE.test(name));
  const protocols = headers.get('sec-websocket-protocol')?.split(/,\s*/) ?? [];
  const service = dial(url, { headers: Object.fromEntries(passed), protocols, perMessageDeflate: false });
  service.binaryType = 'nodebuffer';
  const link = joinSides(service);
  await isOpen(service, timeoutMs);
  return link;
};

const isOpen = (service: Bun.WebSocket, timeoutMs: number): Promise<void> => {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const fail = () => reject(new Error('The service did not take the socket'));
  const timer = setTimeout(() => {
    service.terminate();
    fail();
  }, timeoutMs);
  service.addEventListener('open', () => resolve());
  service.addEventListener('close', fail);
  return promise.finally(() => clearTimeout(timer));
};

const joinSides = (service: Bun.WebSocket): Link => {
  const early: Frame[] = [];
  let earlyBytes = 0;
  let client: Bun.ServerWebSocket<Link> | undefined;
  let ended: { code: number; reason: string } | undefined;

  const endClient = () => {
    if (!client || !ended) return;
    if (isSendable(ended.code)) client.close(ended.code, ended.reason);
    else client.terminate();
  };

  service.addEventListener('message', ({ data }: MessageEvent<Frame>) => {
    if (client) {
      client.send(data);
      return;
    }
    early.push(data);
    earlyBytes += sizeOf(data);
    if (earlyBytes > MAX_WAITING_BYTES) service.terminate();
  });
  service.addEventListener('close', ({ code, reason }) => {
    ended ??= { code, reason };
    endClient();
  });
  // The close event that follows says what matters.
  service.addEventListener('error', () => undefined);

  return {
    get protocol() {
      return service.protocol;
    },
    open: (opened) => {
      client = opened;
      for (const frame of early.splice(0)) client.send(frame);
      endClient();
    },
    forward: (frame) => {
      service.send(frame);
      if (service.bufferedAmount > MAX_WAITING_BYTES) {
        ended = { code: 1013, reason: 'The service does not read fast enough' };
        service.terminate();
        endClient();
      }
    },
    end: (code, reason) => {
      ended ??= { code, reason };
      if (service.readyState === WebSocket.CLOSED) return;
      // A client may send 1000 and the private codes alone.
      if (code === 1000 || (code >= 3000 && code < 5000)) service.close(code, reason);
      else service.close(1000);
    },
  };
};
