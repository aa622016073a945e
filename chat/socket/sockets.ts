/** All sockets of this replica: the handlers that the server calls, the watch over slow readers, and the end of all of them. */
import type { Session } from './session.ts';

/** Short enough that who reads too slowly is seen, and told, before the hard bound cuts the socket off without a word. */
const WATCH_INTERVAL_MS = 250;
const QUIET_MS = 50;
const IDLE_TIMEOUT_S = 120;
export const MAX_FRAME_BYTES = 64 * 1_024;

export interface Sockets {
  /** For `Bun.serve`: each socket's data is its session. */
  readonly handler: Bun.WebSocketHandler<Session>;
  readonly size: number;
  /** Resolves when no frame has come for a moment, or after `timeoutMs`. */
  quiet(timeoutMs: number): Promise<void>;
  /** Sends every client to another replica. */
  moveAll(): void;
  close(): void;
}

/** @param bufferBytes unread bytes that a socket may pile up; at half of that it is closed with a code that means: come back */
export const createSockets = (bufferBytes: number): Sockets => {
  const sessions = new Set<Session>();
  let lastFrameAt = 0;
  const watch = setInterval(() => {
    for (const session of sessions) if (session.bufferedBytes > bufferBytes / 2) session.close('slow_reader');
  }, WATCH_INTERVAL_MS);

  return {
    handler: {
      maxPayloadLength: MAX_FRAME_BYTES,
      backpressureLimit: bufferBytes,
      // The hard bound: who piles up more between two looks is cut off, and resumes with `since`.
      closeOnBackpressureLimit: true,
      idleTimeout: IDLE_TIMEOUT_S,
      sendPings: true,
      perMessageDeflate: false,
      open: (socket) => {
        sessions.add(socket.data);
        socket.data.open(socket);
      },
      message: (socket, data) => {
        lastFrameAt = performance.now();
        socket.data.message(data);
      },
      drain: (socket) => socket.data.drain(),
      close: (socket) => {
        sessions.delete(socket.data);
        socket.data.closed();
      },
    },
    get size() {
      return sessions.size;
    },
    quiet: async (timeoutMs) => {
      const deadline = performance.now() + timeoutMs;
      while (performance.now() < Math.min(deadline, lastFrameAt + QUIET_MS)) await Bun.sleep(QUIET_MS / 5);
    },
    moveAll: () => {
      for (const session of sessions) session.move();
    },
    close: () => clearInterval(watch),
  };
};
