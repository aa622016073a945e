/** How a service and its stores are. `http/health.ts` answers it. */
import { withTimeout } from '../time/timeout.ts';

/** `embedded`: the store is inside this process, without a server. */
export type StoreState = 'connected' | 'embedded' | 'unavailable';

/** The state of a backing service in one word; of a store, a `StoreState`. Called for each request; given up after a second. */
export type Probe = () => string | Promise<string>;

export interface Health {
  /** False until the stores are prepared, and again from the beginning of a stop. */
  isReady: boolean;
  readonly probes: Record<string, Probe>;
  /** The names of the probes whose stores the service can't work without. */
  readonly needs: readonly string[];
}

export const createHealth = <Name extends string>(
  probes: Record<Name, Probe> = {} as Record<Name, Probe>,
  { needs = [] }: { needs?: readonly NoInfer<Name>[] } = {},
): Health => ({ isReady: false, probes, needs });

const USABLE = new Set(['connected', 'embedded']);

/** The needed stores that are away. */
export const missingStores = async ({ probes, needs }: Health): Promise<string[]> => {
  const words = await readProbes(Object.fromEntries(Object.entries(probes).filter(([name]) => needs.includes(name))));
  return needs.filter((name) => !USABLE.has(words[name] ?? ''));
};

const PROBE_TIMEOUT_MS = 1_000;

export const readProbes = async (probes: Record<string, Probe>): Promise<Record<string, string>> => {
  const read = async ([name, probe]: [string, Probe]): Promise<[string, string]> => {
    const word = withTimeout(Promise.resolve().then(probe), PROBE_TIMEOUT_MS).catch(() => 'unavailable');
    return [name, await word];
  };
  return Object.fromEntries(await Promise.all(Object.entries(probes).map(read)));
};
