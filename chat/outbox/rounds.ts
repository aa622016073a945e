/** Runs work in rounds, one at a time: when it is woken, and at an interval, because a wake-up may get lost with its process. */
import { errorFields, type Log } from '@parley/kit/process/log';

export interface Rounds {
  /** Starts a round unless one is running. */
  wake(): void;
  /** Resolves when the current round has ended. */
  close(): Promise<void>;
}

export interface RoundsDeps {
  /** One step of a round. True: repeat at once; false: the round is over. */
  work(): Promise<boolean>;
  /** The event of the log line when a round fails. */
  readonly failure: string;
  readonly log: Log;
  /** Default: 1 second. */
  readonly intervalMs?: number;
}

const INTERVAL_MS = 1_000;

export const createRounds = ({ work, failure, log, intervalMs = INTERVAL_MS }: RoundsDeps): Rounds => {
  let round: Promise<void> | undefined;
  let isClosed = false;

  const run = async (): Promise<void> => {
    while (!isClosed && (await work()));
  };
  const wake = (): void => {
    if (isClosed) return;
    round ??= run()
      .catch((error: unknown) => log.debug({ event: failure, ...errorFields(error) }))
      .finally(() => {
        round = undefined;
      });
  };
  const timer = setInterval(wake, intervalMs);

  return {
    wake,
    close: async () => {
      isClosed = true;
      clearInterval(timer);
      await round;
    },
  };
};
