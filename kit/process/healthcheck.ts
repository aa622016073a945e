/** `parley healthcheck`: requests `/ready` of the service in this container, whose image has no curl. */

const TIMEOUT_MS = 2_000;

/**
 * @param port of the service
 * @returns whether it is ready; false if it doesn't answer in time
 */
export const isReady = async (port: number): Promise<boolean> => {
  try {
    const { ok } = await fetch(`http://127.0.0.1:${port}/ready`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    return ok;
  } catch {
    return false;
  }
};
