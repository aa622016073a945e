/** A time limit for each read of a stream. */
import { withTimeout } from '@parley/kit/time/timeout';

/**
 * The same bytes, with an error when the source yields nothing within `timeoutMs` of a read. A slow reader doesn't count: the source is
 * read only when the reader wants more.
 */
export const cutWhenSilent = (source: ReadableStream<Uint8Array>, timeoutMs: number): ReadableStream<Uint8Array> => {
  const reader = source.getReader();
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        try {
          const { done, value } = await withTimeout(reader.read(), timeoutMs);
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          controller.error(error);
          void reader.cancel(error).catch(() => undefined);
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
};
