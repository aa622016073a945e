/**
 * `bun run rollout [service...]`: replaces every replica (default: of all services) with one of the current image and configuration,
 * one at a time: a new one joins and is healthy before an old one leaves. Then the gateway reads its configuration anew.
 */
import { compose, containersOf, docker, isReplicated, type Replicated, replicated, runScript, say } from './compose.ts';

/** The gateway asks for addresses every 2 s (`deploy/nginx.conf`): by then it knows the newcomer. */
const GATEWAY_LEARNS_MS = 3_000;
/** A service has 8 s to stop by itself. */
const STOP_TIMEOUT_S = 15;

const replaceOne = async (service: Replicated, old: string, replicas: number): Promise<void> => {
  const scale = ['--scale', `${service}=${replicas + 1}`];
  await compose(['up', '--detach', '--wait', '--no-deps', '--no-build', '--no-recreate', ...scale, service]);
  await Bun.sleep(GATEWAY_LEARNS_MS);
  await docker(['stop', '--time', String(STOP_TIMEOUT_S), old]);
  await docker(['rm', old]);
};

const roll = async (service: Replicated): Promise<void> => {
  const old = await containersOf(service);
  if (old.length === 0) throw new Error(`${service} does not run: start the suite with docker compose up -d --wait`);
  for (const [index, container] of old.entries()) {
    await replaceOne(service, container, old.length);
    say(`${service}: replica ${index + 1} of ${old.length} replaced`);
  }
};

await runScript(async () => {
  const asked = process.argv.slice(2);
  const unknown = asked.find((name) => !isReplicated(name));
  if (unknown) throw new Error(`There is no service ${unknown}: choose from ${replicated.join(', ')}`);
  for (const service of replicated) if (asked.length === 0 || asked.includes(service)) await roll(service);
  if (asked.length === 0)
    await compose(['exec', '-T', 'gateway', 'nginx', '-c', '/etc/parley/nginx.conf', '-s', 'reload']);
});
