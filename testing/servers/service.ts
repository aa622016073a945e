/** A service in its own process, for tests that stop, kill or pause it. */
import { dirname, join } from 'node:path';
import { newFolder } from '../run/run-folder.ts';
import { onFreePort, startProgram } from './process-server.ts';
import { freePort } from './programs.ts';
import type { TestServer } from './test-server.ts';

const root = dirname(dirname(import.meta.dir));

/**
 * Runs `SERVICE/main.ts` on a free port, which it keeps when it is restarted, and waits until it is ready.
 * @param env its variables other than `PORT`
 */
export const startServiceProcess = (service: string, env: Readonly<Record<string, string>>): Promise<TestServer> =>
  onFreePort(() => {
    const port = freePort();
    const url = `http://127.0.0.1:${port}`;
    const folder = newFolder(service);
    const probe = async () => {
      const { status } = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(1_000) });
      if (status !== 200) throw new Error(`${service} is not ready`);
    };
    const command = [process.execPath, join(root, service, 'main.ts'), folder];
    return startProgram({ url, folder, command, env: { ...env, PORT: String(port) }, stopSignal: 'SIGTERM', probe });
  });
