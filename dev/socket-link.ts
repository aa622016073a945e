/**
 * Links a client's WebSocket to a service's: forwards frames both ways in order, passes close codes and reasons on, and bounds the frames
 * that wait for a slow side.
 */
import { dial } from '@parley/kit/network/dial';

export const MAX_WAITING_BYTES = 1_024 * 1_024;

type Frame = string | Buffer;

/** Hop-by-hop headers, and those of the handshake, which the new connection sets itself. `Host` is kept: services compare it with `Origin`. */
const HANDSHAKE = /^(connection|upgrade|content-length|sec-websocket-(key|version|extensions|protocol))$/;

/** Codes that an endpoint may not send: they mean that no close frame was received (RFC 6455, 7.4.1). */
const isSendable = (code: number): boolean => code >= 1000 && code < 5000 && ![1004, 1005, 1006, 1015].includes(code);

export interface Link {
  /** The subprotocol that the service chose. */
  readonly protocol: string;
  /** Call when the client's socket is open: frames that the service sent before are flushed to it. */
  open(client: Bun.ServerWebSocket<Link>): void;
  /** Sends a frame of the client to the service. */
  forward(frame: Frame): void;
  /** Call when the client's socket is closed. */
  end(code: number, reason: string): void;
}

const sizeOf = (frame: Frame): number => frame.length;

/**
 * Connects to the service first, so that the client's handshake succeeds only if the service accepts the socket.
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
  // A close event with the code follows each error event.
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
      // `WebSocket.close()` accepts only 1000 and the private codes (3000 to 4999).
      if (code === 1000 || (code >= 3000 && code < 5000)) service.close(code, reason);
      else service.close(1000);
    },
  };
};
