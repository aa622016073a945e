/**
 * The line of pushes that wait: bounded and fair. People take turns, whatever number of jobs each has, and one person or one push host
 * runs a share of all jobs at most. Beyond the bound the person with the most waiting jobs loses their oldest.
 */
import type { Breaker } from './breaker.ts';

/** One request, for one person, to one host. */
export interface Job {
  readonly person: string;
  readonly host: string;
  /** Jobs of one endpoint run one at a time, in the order they were added. */
  readonly endpoint: string;
  /** @returns whether the host answered; never rejects */
  run(): Promise<boolean>;
  /** Called instead of `run` when the line gives the job up. */
  drop(reason: DropReason): void;
}

export type DropReason = 'full' | 'late' | 'cut_off' | 'stopped';

export interface PushLineDeps {
  /** Jobs that run at the same time: all, and those of one person. */
  readonly places: number;
  readonly placesPerPerson: number;
  /** Running jobs of one host, and of all hosts together that have not answered yet: neither can take all places. */
  readonly placesPerHost: number;
  readonly placesUnproven: number;
  /** Jobs that wait: all, and those of one person. */
  readonly maxWaiting: number;
  readonly maxWaitingPerPerson: number;
  /** A job that has waited longer is dropped. */
  readonly maxWaitMs: number;
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

export class PushLine {
  readonly #deps: PushLineDeps;
  readonly #now: () => number;
  /** The waiting jobs of each person, in the order of turns: a person whose job starts moves to the end. */
  readonly #queues = new Map<string, Waiting[]>();
  readonly #running = new Map<Job, Promise<void>>();
  #waiting = 0;
  #isClosed = false;

  constructor(deps: PushLineDeps) {
    this.#deps = deps;
    this.#now = deps.now ?? (() => performance.now());
  }

  get waiting(): number {
    return this.#waiting;
  }

  get isRunning(): boolean {
    return this.#running.size > 0;
  }

  /** Runs the job at its turn, or drops it. */
  add(job: Job): void {
    if (this.#isClosed) return job.drop('stopped');
    const queue = this.#queues.get(job.person) ?? [];
    this.#queues.set(job.person, queue);
    queue.push({ job, addedAtMs: this.#now() });
    this.#waiting += 1;
    this.#fill();
    if (queue.length > this.#deps.maxWaitingPerPerson) this.#drop(queue, 0, 'full');
    if (this.#waiting > this.#deps.maxWaiting) this.#drop(this.#longestQueue(), 0, 'full');
  }

  /** Resolves when no job waits and none runs. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.values());
  }

  /** Drops the waiting jobs, and every job that is added from now on. */
  close(): void {
    this.#isClosed = true;
    for (const queue of this.#queues.values()) while (queue.length > 0) this.#drop(queue, 0, 'stopped');
    this.#queues.clear();
  }

  #fill(): void {
    while (this.#running.size < this.#deps.places) {
      const job = this.#take();
      if (!job) return;
      this.#start(job);
    }
  }

  #start(job: Job): void {
    const { breaker } = this.#deps;
    breaker?.started(job.host);
    const done = job.run().then((hasAnswered) => {
      breaker?.ended(job.host, hasAnswered);
      this.#running.delete(job);
      this.#fill();
    });
    this.#running.set(job, done);
  }

  /** The next job that may run, of the person whose turn it is. */
  #take(): Job | undefined {
    for (const [person, queue] of [...this.#queues]) {
      if (this.#countRunning((job) => job.person === person) >= this.#deps.placesPerPerson) continue;
      const job = this.#takeFrom(queue);
      if (job || queue.length === 0) this.#queues.delete(person);
      if (job && queue.length > 0) this.#queues.set(person, queue);
      if (job) return job;
    }
    return undefined;
  }

  /** The first job of one person that may run. Drops jobs before it that are late or whose host is cut off. */
  #takeFrom(queue: Waiting[]): Job | undefined {
    const blockedEndpoints = new Set<string>();
    for (let index = 0; index < queue.length; ) {
      const next = queue[index] as Waiting;
      const verdict = blockedEndpoints.has(next.job.endpoint) ? 'wait' : this.#judge(next);
      if (verdict === 'start') {
        queue.splice(index, 1);
        this.#waiting -= 1;
        return next.job;
      }
      if (verdict === 'wait') {
        blockedEndpoints.add(next.job.endpoint);
        index += 1;
      } else this.#drop(queue, index, verdict);
    }
    return undefined;
  }

  #judge({ job: { host, endpoint }, addedAtMs }: Waiting): Verdict {
    const { maxWaitMs, placesPerHost, placesUnproven } = this.#deps;
    if (this.#now() - addedAtMs > maxWaitMs) return 'late';
    const state = this.#stateOf(host);
    if (state === 'open') return 'cut_off';
    const mustWait =
      state === 'probing' ||
      this.#countRunning((other) => other.endpoint === endpoint) > 0 ||
      this.#countRunning((other) => other.host === host) >= placesPerHost ||
      (state !== 'proven' && this.#countRunning((other) => this.#stateOf(other.host) !== 'proven') >= placesUnproven);
    return mustWait ? 'wait' : 'start';
  }

  #stateOf(host: string) {
    return this.#deps.breaker?.stateOf(host) ?? 'proven';
  }

  #countRunning(isCounted: (job: Job) => boolean): number {
    return [...this.#running.keys()].filter(isCounted).length;
  }

  #longestQueue(): Waiting[] {
    return [...this.#queues.values()].reduce((a, b) => (b.length > a.length ? b : a));
  }

  #drop(queue: Waiting[], index: number, reason: DropReason): void {
    const [dropped] = queue.splice(index, 1);
    this.#waiting -= 1;
    dropped?.job.drop(reason);
  }
}
