/** Finds k6, or builds it when Go is installed. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The version that the scenarios are written for, the same in `compose.yml`. */
const K6_VERSION = '1.8.1';

const goBin = (): string => join(process.env.GOPATH ?? join(homedir(), 'go'), 'bin');

const installed = (): string | undefined => {
  const inGo = join(goBin(), 'k6');
  return Bun.which('k6') ?? (existsSync(inGo) ? inGo : undefined);
};

/**
 * @returns the program's path
 * @throws saying how to get k6 when neither k6 nor Go is installed
 */
export const findK6 = async (): Promise<string> => {
  const found = installed();
  if (found) return found;
  const go = Bun.which('go');
  if (go) {
    process.stdout.write(`Building k6 ${K6_VERSION} with Go; this takes some minutes, once\n`);
    await Bun.spawn([go, 'install', `go.k6.io/k6@v${K6_VERSION}`], { stdio: ['ignore', 'inherit', 'inherit'] }).exited;
  }
  const built = installed();
  if (built) return built;
  throw new Error(
    `There is no k6 here. Install k6 ${K6_VERSION} (https://grafana.com/docs/k6/latest/set-up/install-k6/), or Go, or run it in a ` +
      'container beside the composed suite: docker compose run --rm k6 run smoke.ts',
  );
};
