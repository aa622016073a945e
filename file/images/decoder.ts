/**
 * Decodes images in child processes. Their formats are old and their decoders' worst cases are not all known: a process can be ended in
 * the middle of its work, which a thread of ours can't, and what goes wrong in it stays in it.
 */
import { dirname } from 'node:path';
import { TimeoutError } from '@parley/kit/time/timeout';
import source from './thumbnail.child.js' with { type: 'text' };

export interface DecoderOptions {
  readonly maxPixels: number;
  /** How long a decoder may run before its process is killed. */
  readonly timeoutMs: number;
}

const UPRIGHT = 1;

/** The longer side of a thumbnail, in pixels. */
export const THUMBNAIL_PIXELS = 480;
const QUALITY = 80;
const UNDECODABLE = 3;

/** Enough for any thumbnail. A decoder that writes more has gone wrong. */
const MAX_OUTPUT_BYTES = 4 * 1_024 * 1_024;

/**
 * A WebP of at most 480 x 480 pixels, upright, with nothing in it but the picture: no place, no camera.
 * @param orientation of EXIF, where Bun's decoder doesn't apply it by itself: it does for JPEG
 * @returns undefined when the image can't be decoded or has too many pixels
 * @throws {TimeoutError} when it takes too long; an error when the decoder itself fails
 */
export const decodeThumbnail = async (
  image: Uint8Array,
  { maxPixels, timeoutMs }: DecoderOptions,
  orientation = UPRIGHT,
): Promise<Uint8Array | undefined> => {
  const child = Bun.spawn(
    [process.execPath, '-e', source, '--', ...[maxPixels, THUMBNAIL_PIXELS, QUALITY, orientation].map(String)],
    {
      // A compiled binary is Bun too. Nothing of our own environment, secrets above all, is the decoder's.
      env: { BUN_BE_BUN: '1' },
      // No `.env` or `bunfig.toml` of the folder we happen to run in.
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
  // A crash on these very bytes would come again.
  if (child.signalCode !== null || child.exitCode === UNDECODABLE) return undefined;
  throw new Error(`The decoder exited with ${child.exitCode}`);
};
