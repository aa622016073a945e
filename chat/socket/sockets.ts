/** All sockets of this replica: the handlers that the server calls, a watch for slow readers, and the close at shutdown. */
import type { Connection } from './connection.ts';

/** Short enough to close most slow readers with a code, before the server cuts them off without one at the hard bound. */
const WATCH_INTERVAL_MS = 250;
const QUIET_MS = 50;
const IDLE_TIMEOUT_S = 120;
export const MAX_FRAME_BYTES = 64 * 1_024;

export interface Sockets {
  /** For `Bun.serve`: each socket's data is its connection. */
  readonly handler: Bun.WebSocketHandler<Connection>;
  readonly size: number;
  /** Resolves when no frame has arrived for 50 ms, or after `timeoutMs`. */
  quiet(timeoutMs: number): Promise<void>;
  /** Sends every client to another replica. */
  moveAll(): void;
  close(): void;
}

/**
 * @param bufferBytes the hard bound of unread bytes per socket. At half of it a socket is closed with the code `slow_reader`, after which
 * clients reconnect
 */
export const createSockets = (bufferBytes: number): Sockets => {
  const connections = new Set<Connection>();
  let lastFrameAt = 0;
  const watch = setInterval(() => {
    for (const connection of connections)
      if (connection.bufferedBytes > bufferBytes / 2) connection.close('slow_reader');
  }, WATCH_INTERVAL_MS);

  return {
    handler: {
      maxPayloadLength: MAX_FRAME_BYTES,
      backpressureLimit: bufferBytes,
      // The hard bound, for a socket that exceeds it between two checks of the watch. The client resumes with `since`.
      closeOnBackpressureLimit: true,
      idleTimeout: IDLE_TIMEOUT_S,
      sendPings: true,
      perMessageDeflate: false,
      open: (socket) => {
        connections.add(socket.data);
        socket.data.open(socket);
      },
      message: (socket, data) => {
        lastFrameAt = performance.now();
        socket.data.message(data);
      },
      drain: (socket) => socket.data.drain(),
      close: (socket) => {
        connections.delete(socket.data);
        socket.data.closed();
      },
    },
    get size() {
      return connections.size;
    },
    quiet: async (timeoutMs) => {
      const deadline = performance.now() + timeoutMs;
      while (performance.now() < Math.min(deadline, lastFrameAt + QUIET_MS)) await Bun.sleep(QUIET_MS / 5);
    },
    moveAll: () => {
      for (const connection of connections) connection.move();
    },
    close: () => clearInterval(watch),
  };
};
