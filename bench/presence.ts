/**
 * What presence costs with 1,000 and with 100,000 people online, as ratios: a page of 100, one person's status, a heartbeat; and,
 * to compare, the walk over all keys that a list by `KEYS` takes. Run: `bun bench/presence.ts` (needs a redis-server).
 */
import { createLog } from '@parley/kit/process/log';
import { openStores } from '@parley/presence/stores';
import { closeAll } from '@parley/testing/run/run-folder';
import { startRedis } from '@parley/testing/servers/redis';
import { Redis } from 'ioredis';
import { compare, formatRatios, type Subject } from './ratios.ts';

const SMALL = 1_000;
const LARGE = 100_000;
const PAGE = 100;
const FILL_BATCH = 200;
/** Nobody goes offline while this runs. */
const ONLINE_TTL_MS = 3_600_000;

const idOf = (number: number): string => `user-${String(number).padStart(6, '0')}`;

const usedBytes = async (client: Redis): Promise<number> =>
  Number(/^used_memory:(\d+)/m.exec(await client.info('memory'))?.[1]);

interface Filled extends Subject {
  readonly bytesPerPerson: number;
  close(): Promise<void>;
}

/** A Redis of its own with this many people online. */
const openSubject = async (count: number): Promise<Filled> => {
  const { url } = await startRedis();
  const log = createLog('bench', 'silent');
  const stores = openStores({ url, log, onlineTtlMs: ONLINE_TTL_MS, typingTtlMs: 5_000 });
  await stores.connected();
  const { people } = stores;
  const client = new Redis(url);
  const emptyBytes = await usedBytes(client);
  for (let start = 0; start < count; start += FILL_BATCH)
    await Promise.all(Array.from({ length: FILL_BATCH }, (_, at) => people.heartbeat(idOf(start + at), 'Someone')));

  const filledBytes = await usedBytes(client);
  // Rewriting the file that filling has grown would be measured too.
  await client.config('SET', 'appendonly', 'no');
  const anyone = () => idOf(Math.floor(Math.random() * count));
  return {
    name: `${count.toLocaleString('en')} online`,
    works: {
      [`page of ${PAGE}`]: () => people.page(idOf(Math.floor(Math.random() * (count - PAGE))), PAGE),
      'one status': () => people.find(anyone()),
      'a heartbeat': () => people.heartbeat(anyone(), 'Someone'),
      'for comparison: KEYS presence:user:*': () => client.keys('presence:user:*'),
    },
    bytesPerPerson: (filledBytes - emptyBytes) / count,
    close: async () => {
      client.disconnect();
      await stores.close();
    },
  };
};

try {
  const small = await openSubject(SMALL);
  const large = await openSubject(LARGE);
  process.stdout.write(`${formatRatios(small, large, await compare(small, large))}\n`);
  process.stdout.write(`\nRedis memory per person online: ${large.bytesPerPerson.toFixed(0)} bytes\n`);
  await Promise.all([small.close(), large.close()]);
} finally {
  await closeAll();
}
