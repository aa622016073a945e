/** How much memory a fresh process of the service takes for some uploads: the measure of "streamed, not held". */
import { join } from 'node:path';
import { freePort } from '@parley/testing/servers/programs';
import { text } from './samples.ts';

export interface Load {
  readonly uploads: number;
  readonly bytesEach: number;
  /** At the same time. */
  readonly concurrency: number;
}

const MIB = 1_024 * 1_024;
const CHUNK = text(MIB - (MIB % 17));
const START_TIMEOUT_MS = 30_000;

/** A form with a text file of so many bytes, made while it is sent. */
const formStream = (bytes: number, boundary: string): ReadableStream<Uint8Array> => {
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n`;
  const tail = `\r\n--${boundary}--\r\n`;
  let left = bytes;
  return new ReadableStream({
    start: (controller) => controller.enqueue(Buffer.from(head)),
    pull: (controller) => {
      controller.enqueue(CHUNK.subarray(0, Math.min(left, CHUNK.length)));
      left -= CHUNK.length;
      if (left > 0) return;
      controller.enqueue(Buffer.from(tail));
      controller.close();
    },
  });
};

const upload = async (url: string, bytes: number): Promise<void> => {
  const headers = { 'content-type': 'multipart/form-data; boundary=b' };
  const answer = await fetch(`${url}/upload`, { method: 'POST', headers, body: formStream(bytes, 'b') });
  if (answer.status !== 201) throw new Error(`The upload was answered ${answer.status}: ${await answer.text()}`);
};

const untilReady = async (url: string): Promise<void> => {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const isReady = await fetch(`${url}/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    if (Date.now() > deadline) throw new Error('The service did not start');
    await Bun.sleep(20);
  }
};

const sendAll = async (url: string, { uploads, bytesEach, concurrency }: Load): Promise<void> => {
  let left = uploads;
  const sender = async () => {
    while (left > 0) {
      left -= 1;
      await upload(url, bytesEach);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, sender));
};

/**
 * The peak of the resident memory of a fresh service process, from its start to the end of these uploads.
 * @param env names its stores
 * @returns bytes
 */
export const measurePeakMemory = async (env: Record<string, string | undefined>, load: Load): Promise<number> => {
  const port = freePort();
  const child = Bun.spawn([process.execPath, join(import.meta.dir, '..', 'main.ts')], {
    env: {
      ...env,
      PORT: String(port),
      LOG_LEVEL: 'warn',
      MAX_FILE_BYTES: String(load.bytesEach),
      STORAGE_TIMEOUT_MS: '60000',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const url = `http://127.0.0.1:${port}`;
  try {
    await untilReady(url);
    await sendAll(url, load);
  } finally {
    child.kill();
    await child.exited;
  }
  return child.resourceUsage()?.maxRSS ?? Number.NaN;
};
