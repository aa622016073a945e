/**
 * A circuit breaker per push host. A host that fails several times in a row gets no requests for a while, longer each time; then one
 * request probes it.
 */
export interface Breaker {
  /** `open`: send nothing. `probing`: a request is probing the host, send no other. `unproven`: the host has not answered yet. */
  stateOf(host: string): 'proven' | 'unproven' | 'probing' | 'open';
  /** Call when a request to the host begins. */
  started(host: string): void;
  /** Call when the request ends. */
  ended(host: string, hasAnswered: boolean): void;
}

export interface BreakerDeps {
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
/** Clients choose the endpoints, and so the hosts. Beyond this number the least recently used host is forgotten. */
const MAX_HOSTS = 10_000;
const UNKNOWN: Health = { failures: 0, hasAnswered: false, openUntilMs: 0, isProbing: false };

export const createBreaker = ({ cutOffMs, now = () => performance.now() }: BreakerDeps): Breaker => {
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
