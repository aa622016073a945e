/**
 * The line of what waits to be sent: bounded, and fair. People take turns, whoever has much waiting; what one of them or one host may
 * hold at the same time is a share. Beyond the bound the person with the most waiting loses their oldest.
 */
import type { Breaker } from './breaker.ts';

/** One request, for one person, to one host. */
export interface Job {
  readonly person: string;
  readonly host: string;
  /** What is sent there keeps its order: one at a time. */
  readonly endpoint: string;
  /** @returns whether the host answered; never rejects */
  run(): Promise<boolean>;
  /** It will not run. */
  drop(reason: DropReason): void;
}

export type DropReason = 'full' | 'late' | 'cut_off' | 'stopped';

export interface Line {
  add(job: Job): void;
  readonly waiting: number;
  readonly isRunning: boolean;
  /** Resolves when nothing waits and nothing runs. */
  idle(): Promise<void>;
  /** Takes no more, and drops what waits. */
  close(): void;
}

export interface LineOptions {
  /** Jobs that run at the same time: all, and of one person. */
  readonly slots: number;
  readonly slotsPerPerson: number;
  /** Of one host, and of all hosts together that have not answered yet: neither can hold all slots. */
  readonly slotsPerHost: number;
  readonly slotsUnproven: number;
  /** Jobs that wait: all, and of one person. */
  readonly limit: number;
  readonly limitPerPerson: number;
  /** A job that waited longer than this is dropped, in ms. */
  readonly budgetMs: number;
  /** Absent: no host is cut off, and all count as proven. */
  readonly breaker?: Breaker;
  /** Monotonic, in ms. */
  readonly now?: () => number;
}

interface Waiting {
  readonly job: Job;
  readonly addedAtMs: number;
}

type Verdict = 'start' | 'wait' | DropReason;

export const createLine = (options: LineOptions): Line => {
  const { slots, slotsPerPerson, slotsPerHost, slotsUnproven, limit, limitPerPerson, budgetMs, breaker } = options;
  const { now = () => performance.now() } = options;
  const stateOf = (host: string) => breaker?.stateOf(host) ?? 'proven';
  /** In the order of turns: whoever had one goes to the end. */
  const queues = new Map<string, Waiting[]>();
  const running = new Map<Job, Promise<void>>();
  let waiting = 0;
  let isClosed = false;

  const countRunning = (isCounted: (job: Job) => boolean): number => [...running.keys()].filter(isCounted).length;

  const judge = ({ job: { host, endpoint }, addedAtMs }: Waiting): Verdict => {
    if (now() - addedAtMs > budgetMs) return 'late';
    const state = stateOf(host);
    if (state === 'open') return 'cut_off';
    const isUnproven = ({ host: other }: Job) => stateOf(other) !== 'proven';
    const mustWait =
      state === 'probing' ||
      countRunning((other) => other.endpoint === endpoint) > 0 ||
      countRunning((other) => other.host === host) >= slotsPerHost ||
      (state !== 'proven' && countRunning(isUnproven) >= slotsUnproven);
    return mustWait ? 'wait' : 'start';
  };

  const drop = (queue: Waiting[], index: number, reason: DropReason): void => {
    const [dropped] = queue.splice(index, 1);
    waiting -= 1;
    dropped?.job.drop(reason);
  };

  /** The first of a person's that may run now. What can't run any more is dropped on the way. */
  const takeFrom = (queue: Waiting[]): Job | undefined => {
    const held = new Set<string>();
    for (let index = 0; index < queue.length; ) {
      const next = queue[index] as Waiting;
      const verdict = held.has(next.job.endpoint) ? 'wait' : judge(next);
      if (verdict === 'start') {
        queue.splice(index, 1);
        waiting -= 1;
        return next.job;
      }
      if (verdict === 'wait') {
        held.add(next.job.endpoint);
        index += 1;
      } else drop(queue, index, verdict);
    }
    return undefined;
  };

  const take = (): Job | undefined => {
    for (const [person, queue] of [...queues]) {
      if (countRunning((job) => job.person === person) >= slotsPerPerson) continue;
      const job = takeFrom(queue);
      if (job || queue.length === 0) queues.delete(person);
      if (job && queue.length > 0) queues.set(person, queue);
      if (job) return job;
    }
    return undefined;
  };

  const start = (job: Job): void => {
    breaker?.started(job.host);
    const done = job.run().then((hasAnswered) => {
      breaker?.ended(job.host, hasAnswered);
      running.delete(job);
      fill();
    });
    running.set(job, done);
  };

  const fill = (): void => {
    while (running.size < slots) {
      const job = take();
      if (!job) return;
      start(job);
    }
  };

  const longest = (): Waiting[] => [...queues.values()].reduce((a, b) => (b.length > a.length ? b : a));

  return {
    add: (job) => {
      if (isClosed) return job.drop('stopped');
      const queue = queues.get(job.person) ?? [];
      queues.set(job.person, queue);
      queue.push({ job, addedAtMs: now() });
      waiting += 1;
      fill();
      if (queue.length > limitPerPerson) drop(queue, 0, 'full');
      if (waiting > limit) drop(longest(), 0, 'full');
    },
    get waiting() {
      return waiting;
    },
    get isRunning() {
      return running.size > 0;
    },
    idle: async () => {
      while (running.size > 0) await Promise.all(running.values());
    },
    close: () => {
      isClosed = true;
      for (const queue of queues.values()) while (queue.length > 0) drop(queue, 0, 'stopped');
      queues.clear();
    },
  };
};
