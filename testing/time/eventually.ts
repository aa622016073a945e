/** Waits for a condition instead of sleeping for a guessed time. */

const FIRST_PAUSE_MS = 2;
const MAX_PAUSE_MS = 50;
/** Generous, since a busy machine is slow. A test that is about a limit passes its own. */
const PATIENCE_MS = 20_000;

/**
 * Calls the probe until it doesn't throw, and returns what it returned.
 * @throws the probe's last error after `timeoutMs` (20 s by default); a probe that hangs isn't interrupted
 */
export const eventually = async <T>(
  probe: () => T | Promise<T>,
  { timeoutMs = PATIENCE_MS }: { timeoutMs?: number } = {},
): Promise<T> => {
  const deadline = performance.now() + timeoutMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS)) {
    try {
      return await probe();
    } catch (error) {
      if (performance.now() >= deadline) throw error;
    }
    await Bun.sleep(pauseMs);
  }
};
