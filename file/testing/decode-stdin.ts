/** A program that is compiled by a test: makes a thumbnail of the image on stdin, and says what it is. */
import { decodeThumbnail } from '../images/decoder.ts';

const thumbnail = await decodeThumbnail(await Bun.stdin.bytes(), { maxPixels: 1_000_000, timeoutMs: 60_000 });
process.stdout.write(thumbnail ? JSON.stringify(await new Bun.Image(thumbnail).metadata()) : 'none');
