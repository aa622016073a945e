/** `parley healthcheck`: asks the service of this container whether it is ready. A distroless image has no curl to ask with. */

const TIMEOUT_MS = 2_000;

/**
 * @param port where the service listens
 * @returns whether it takes traffic; false as well when nothing answers in time
 */
export const isReady = async (port: number): Promise<boolean> => {
  try {
    const { ok } = await fetch(`http://127.0.0.1:${port}/ready`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    return ok;
  } catch {
    return false;
  }
};
