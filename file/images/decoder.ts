/**
 * Decodes images in child processes. A hostile image can keep a decoder busy for long or crash it: a process can be killed at any moment,
 * unlike a thread, and a crash ends only that process.
 */
import { dirname } from 'node:path';
import { TimeoutError } from '@parley/kit/time/timeout';
import source from './thumbnail.child.js' with { type: 'text' };

export interface DecoderLimits {
  readonly maxPixels: number;
  /** How long a decoder may run before its process is killed. */
  readonly timeoutMs: number;
}

const UPRIGHT = 1;

/** The longer side of a thumbnail, in pixels. */
export const THUMBNAIL_PIXELS = 480;
const QUALITY = 80;
const UNDECODABLE = 3;

/** More than any thumbnail takes. A decoder that writes more is killed. */
const MAX_OUTPUT_BYTES = 4 * 1_024 * 1_024;

/**
 * A WebP of at most 480 x 480 pixels, upright, without metadata.
 * @param orientation of EXIF, for formats other than JPEG: of JPEG Bun's decoder applies it itself
 * @returns undefined when the image can't be decoded or has too many pixels
 * @throws {TimeoutError} when it takes too long; an error when the decoder itself fails
 */
export const decodeThumbnail = async (
  image: Uint8Array,
  { maxPixels, timeoutMs }: DecoderLimits,
  orientation = UPRIGHT,
): Promise<Uint8Array | undefined> => {
  const child = Bun.spawn(
    [process.execPath, '-e', source, '--', ...[maxPixels, THUMBNAIL_PIXELS, QUALITY, orientation].map(String)],
    {
      // Makes a compiled binary behave as Bun. The decoder gets no other variable of the service, above all no secret.
      env: { BUN_BE_BUN: '1' },
      // Bun reads `.env` and `bunfig.toml` from the working directory: start where there are none.
      cwd: dirname(process.execPath),
      stdin: image,
      stdout: 'pipe',
      stderr: 'ignore',
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      maxBuffer: MAX_OUTPUT_BYTES,
    },
  );
  const bytes = await new Response(child.stdout).bytes();
  await child.exited;
  if (child.exitCode === 0 && bytes.length > 0) return bytes;
  if (child.signalCode === 'SIGKILL') throw new TimeoutError(timeoutMs);
  // The decoder crashed on these bytes and would crash again: the image has no thumbnail.
  if (child.signalCode !== null || child.exitCode === UNDECODABLE) return undefined;
  throw new Error(`The decoder exited with ${child.exitCode}`);
};
