/**
 * A store whose probe tells whether it takes writes. A full disk or bucket, a policy and a missing right refuse a put and nothing else,
 * so once a put was refused only another one proves that the store can be used. While puts pass, probing costs no write.
 */
import { Failure } from '@parley/kit/errors/failure';
import { keepFor } from '@parley/kit/time/keep-for';
import { errors } from '../errors.ts';
import { FILE_PREFIX, type ObjectStore } from './store.ts';

const PROBE_LASTS_MS = 1_000;

async function* oneByte(): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(1);
}

export const withProof = (store: ObjectStore): ObjectStore => {
  let wasRefused = false;

  const put: ObjectStore['put'] = async (key, chunks) => {
    try {
      await store.put(key, chunks);
      wasRefused = false;
    } catch (error) {
      // Anything else is the sender's.
      if (error instanceof Failure && error.is(errors.storage_unavailable)) wasRefused = true;
      throw error;
    }
  };

  /** What a stop leaves behind of it goes with the sweep, like any object without a file. */
  const prove = keepFor(PROBE_LASTS_MS, async () => {
    const key = `${FILE_PREFIX}probe-${crypto.randomUUID()}`;
    await put(key, oneByte());
    await store.remove(key);
  });

  return {
    ...store,
    put,
    probe: async () => {
      const state = await store.probe();
      if (wasRefused && state !== 'unavailable') await prove();
      return state;
    },
  };
};
