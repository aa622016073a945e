/** Which push hosts answer. One that fails several times in a row is cut off for a while, longer each time; then one request tries it. */

export interface Breaker {
  /** `open`: send nothing. `probing`: one request is trying it. `unproven`: it has not answered yet, or not lately. */
  stateOf(host: string): 'proven' | 'unproven' | 'probing' | 'open';
  /** A request to the host begins. */
  started(host: string): void;
  /** It answered, or didn't. */
  ended(host: string, hasAnswered: boolean): void;
}

export interface BreakerOptions {
  /** How long a host is cut off the first time; each further time doubles it. */
  readonly cutOffMs: number;
  /** Monotonic, in ms. */
  readonly now?: () => number;
}

interface Health {
  readonly failures: number;
  readonly hasAnswered: boolean;
  readonly openUntilMs: number;
  readonly isProbing: boolean;
}

const MAX_FAILURES = 3;
const MAX_DOUBLINGS = 5;
/** Endpoints come from clients, who may name any number of hosts. The one met longest ago is forgotten. */
const MAX_HOSTS = 10_000;
const UNKNOWN: Health = { failures: 0, hasAnswered: false, openUntilMs: 0, isProbing: false };

export const createBreaker = ({ cutOffMs, now = () => performance.now() }: BreakerOptions): Breaker => {
  const hosts = new Map<string, Health>();
  const healthOf = (host: string): Health => hosts.get(host) ?? UNKNOWN;

  const set = (host: string, health: Health): void => {
    hosts.delete(host);
    hosts.set(host, health);
    const [oldest] = hosts.size > MAX_HOSTS ? hosts.keys() : [];
    if (oldest !== undefined) hosts.delete(oldest);
  };

  return {
    stateOf: (host) => {
      const { failures, hasAnswered, openUntilMs, isProbing } = healthOf(host);
      if (failures < MAX_FAILURES) return hasAnswered ? 'proven' : 'unproven';
      if (isProbing) return 'probing';
      return now() < openUntilMs ? 'open' : 'unproven';
    },
    started: (host) => {
      const health = healthOf(host);
      if (health.failures >= MAX_FAILURES) set(host, { ...health, isProbing: true });
    },
    ended: (host, hasAnswered) => {
      if (hasAnswered) return set(host, { ...UNKNOWN, hasAnswered });
      const failures = healthOf(host).failures + 1;
      const doublings = Math.min(Math.max(failures - MAX_FAILURES, 0), MAX_DOUBLINGS);
      set(host, { ...UNKNOWN, failures, openUntilMs: now() + cutOffMs * 2 ** doublings });
    },
  };
};
