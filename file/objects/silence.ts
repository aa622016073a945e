/** A stream that may not fall silent. */
import { withTimeout } from '@parley/kit/time/timeout';

/**
 * The same bytes, but an error when the source gives nothing for `timeoutMs` while it is asked. A slow reader doesn't count: the
 * source is asked only when the reader wants more.
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
