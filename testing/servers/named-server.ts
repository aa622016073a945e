/** A server that a variable names. It is shared, so tests neither stop nor break it. */
import type { TestServer } from './test-server.ts';

/** @param variable that names it, for the error when a test tries to stop it */
export const namedServer = (variable: string, url: string): TestServer => {
  const refuse = (): never => {
    throw new Error(
      `${variable} names a server that others use: a suite that stops servers needs describeWith([..., 'faults'], ...)`,
    );
  };
  const refuseLater = async () => refuse();
  return {
    url,
    start: refuseLater,
    stop: refuseLater,
    kill: refuseLater,
    pause: refuse,
    resume: refuse,
    close: async () => undefined,
  };
};
