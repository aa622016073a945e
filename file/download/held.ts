/** Bytes on their way to a reader who holds a place meanwhile, and gives it back at the end: also by going away, or by reading too slowly. */
import { Failure } from '@parley/kit/errors';
import { allowedMs, type PaceLimits } from '../upload/pace.ts';

export interface Held {
  readonly stream: ReadableStream<Uint8Array>;
  /** Resolves when nothing more will be read, however it ended. */
  readonly ended: Promise<void>;
}

/**
 * Passes a stream on at its reader's pace. A reader who is slower than the pace, on average, is cut off: the stream errors, and the
 * connection breaks. Only the time spent waiting for the reader counts, not the store's.
 */
export const holdToPace = (source: ReadableStream<Uint8Array>, pace: PaceLimits): Held => {
  const reader = source.getReader();
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  let bytes = 0;
  let waitedMs = 0;
  let offeredAt: number | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const letGo = (reason: unknown): void => {
    clearTimeout(timer);
    void reader.cancel(reason).catch(() => undefined);
    end();
  };

  const startTimer = (controller: ReadableStreamDefaultController): void => {
    const cutOff = (): void => {
      const tooSlow = new Failure('too_slow');
      controller.error(tooSlow);
      letGo(tooSlow);
    };
    timer = setTimeout(cutOff, Math.max(1, allowedMs(bytes, pace) - waitedMs));
  };

  const stream = new ReadableStream<Uint8Array>(
    {
      // A client that is gone already never begins to read.
      start: startTimer,
      pull: async (controller) => {
        clearTimeout(timer);
        if (offeredAt !== undefined) waitedMs += performance.now() - offeredAt;
        try {
          const { done, value } = await reader.read();
          if (done) {
            controller.close();
            end();
            return;
          }
          bytes += value.length;
          offeredAt = performance.now();
          startTimer(controller);
          controller.enqueue(value);
        } catch (error) {
          controller.error(error);
          letGo(error);
        }
      },
      cancel: letGo,
    },
    { highWaterMark: 0 },
  );
  return { stream, ended };
};
