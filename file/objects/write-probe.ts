/**
 * A store whose probe also finds out whether it accepts writes. A full disk or bucket, a policy or a missing permission refuses puts and
 * nothing else. So after a refused put the probe puts a small object itself; while puts succeed it writes nothing.
 */
import { Failure } from '@parley/kit/errors/failure';
import { keepFor } from '@parley/kit/time/keep-for';
import { errors } from '../errors.ts';
import { FILE_PREFIX, type ObjectStore } from './store.ts';

const PROBE_LASTS_MS = 1_000;

async function* oneByte(): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(1);
}

export const withWriteProbe = (store: ObjectStore): ObjectStore => {
  let wasRefused = false;

  const put: ObjectStore['put'] = async (key, chunks) => {
    try {
      await store.put(key, chunks);
      wasRefused = false;
    } catch (error) {
      // Any other error comes from the chunks, not from the store.
      if (error instanceof Failure && error.is(errors.storage_unavailable)) wasRefused = true;
      throw error;
    }
  };

  /** When the process stops in between, the sweep removes the object like any other without a row. */
  const putAndRemove = keepFor(PROBE_LASTS_MS, async () => {
    const key = `${FILE_PREFIX}probe-${crypto.randomUUID()}`;
    await put(key, oneByte());
    await store.remove(key);
  });

  return {
    ...store,
    put,
    probe: async () => {
      const state = await store.probe();
      if (wasRefused && state !== 'unavailable') await putAndRemove();
      return state;
    },
  };
};
