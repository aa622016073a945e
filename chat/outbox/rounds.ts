/** Work that is done in rounds: one at a time, when something wakes it and at an interval, since no wake-up is certain. */
import { errorFields, type Log as Logger } from '@parley/kit/process/log';

export interface Rounds {
  /** There may be something to do now. */
  wake(): void;
  /** Resolves when the current round has ended. */
  close(): Promise<void>;
}

export interface RoundsOptions {
  /** One round: false once nothing is left to do. */
  work(): Promise<boolean>;
  /** The name of the log line when a round fails. */
  readonly failure: string;
  readonly logger: Logger;
  /** A second unless told. */
  readonly intervalMs?: number;
}

const INTERVAL_MS = 1_000;

export const createRounds = ({ work, failure, logger, intervalMs = INTERVAL_MS }: RoundsOptions): Rounds => {
  let round: Promise<void> | undefined;
  let isClosed = false;

  const run = async (): Promise<void> => {
    while (!isClosed && (await work()));
  };
  const wake = (): void => {
    if (isClosed) return;
    round ??= run()
      .catch((error: unknown) => logger.debug({ event: failure, ...errorFields(error) }))
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
