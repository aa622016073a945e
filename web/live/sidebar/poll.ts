/** Repeats a request, one at a time. Intervals vary, so that pages that receive the same frame don't all ask at the same moment. */

export interface Poll {
  /** Repeats the request soon. Calls in between are merged. */
  refresh(): void;
}

export interface PollDeps {
  readonly signal: AbortSignal;
  readonly everyMs: number;
  readonly soonMs: number;
  /** Must not reject. */
  request(): Promise<void>;
}

const jitter = (ms: number): number => ms * (0.8 + Math.random() * 0.4);

export const createPoll = ({ signal, everyMs, soonMs, request }: PollDeps): Poll => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let dueAtMs = Number.POSITIVE_INFINITY;
  let isRunning = false;

  const schedule = (ms: number): void => {
    const inMs = jitter(ms);
    if (performance.now() + inMs >= dueAtMs || signal.aborted) return;
    clearTimeout(timer);
    dueAtMs = performance.now() + inMs;
    timer = setTimeout(() => void run(), inMs);
  };

  const run = async (): Promise<void> => {
    dueAtMs = Number.POSITIVE_INFINITY;
    if (isRunning) return schedule(soonMs);
    isRunning = true;
    await request();
    isRunning = false;
    schedule(everyMs);
  };

  signal.addEventListener('abort', () => clearTimeout(timer));
  schedule(everyMs);
  return { refresh: () => schedule(soonMs) };
};
