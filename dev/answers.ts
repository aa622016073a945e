/** @returns whether a suite answers at this origin within three seconds */
export const isSuiteAt = async (origin: string): Promise<boolean> => {
  try {
    return (await fetch(`${origin}/api/chat/health`, { signal: AbortSignal.timeout(3_000) })).ok;
  } catch {
    return false;
  }
};
