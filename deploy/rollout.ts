/**
 * `bun run rollout [service...]`: replaces every replica (default: of all services) with one of the current image and configuration,
 * one at a time: a new one joins and is healthy before an old one leaves. Then the gateway reads its configuration anew.
 */
import { inOrderOfCalls, isServiceName, type ServiceName, serviceNames } from '../services.ts';
import { compose, containersOf, docker, runScript, say } from './compose.ts';

/** The gateway resolves addresses every 2 s (`deploy/nginx.conf`), and again after 5 s when DNS didn't answer. */
const GATEWAY_LEARNS_WITHIN_MS = 30_000;
const ASK_INTERVAL_MS = 250;
/** nginx balances over all replicas: this many requests in a row reach each of them. */
const ANSWERS = 8;
/** A service has 8 s to stop by itself. */
const STOP_TIMEOUT_S = 15;

/** The addresses of the replicas that answer through the gateway now. */
const askGateway = async (service: ServiceName): Promise<string> => {
  const urls = Array.from({ length: ANSWERS }, () => `http://127.0.0.1:8081/via/${service}`);
  const curl = ['curl', '--silent', '--output', '/dev/null', '--write-out', '%header{x-upstream}\\n'];
  return await compose(['exec', '-T', 'gateway', ...curl, ...urls]);
};

/** @throws when the gateway hasn't routed a request to the container in time */
const untilGatewayKnows = async (service: ServiceName, container: string): Promise<void> => {
  const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}';
  const addresses = (await docker(['inspect', '--format', format, container])).split(' ').filter(Boolean);
  const deadline = performance.now() + GATEWAY_LEARNS_WITHIN_MS;
  for (;;) {
    const answered = await askGateway(service);
    if (addresses.some((address) => answered.includes(`${address}:`))) return;
    if (performance.now() > deadline)
      throw new Error(`The gateway sends nothing to the new ${service}: docker compose logs gateway`);
    await Bun.sleep(ASK_INTERVAL_MS);
  }
};

const replaceOne = async (service: ServiceName, old: string, replicas: number): Promise<void> => {
  const before = await containersOf(service);
  const scale = ['--scale', `${service}=${replicas + 1}`];
  await compose(['up', '--detach', '--wait', '--no-deps', '--no-build', '--no-recreate', ...scale, service]);
  const added = (await containersOf(service)).filter((id) => !before.includes(id));
  for (const container of added) await untilGatewayKnows(service, container);
  await docker(['stop', '--time', String(STOP_TIMEOUT_S), old]);
  await docker(['rm', old]);
};

const roll = async (service: ServiceName): Promise<void> => {
  const old = await containersOf(service);
  if (old.length === 0) throw new Error(`${service} does not run: start the suite with docker compose up -d --wait`);
  for (const [index, container] of old.entries()) {
    await replaceOne(service, container, old.length);
    say(`${service}: replica ${index + 1} of ${old.length} replaced`);
  }
};

await runScript(async () => {
  const asked = process.argv.slice(2);
  const unknown = asked.find((name) => !isServiceName(name));
  if (unknown) throw new Error(`There is no service ${unknown}: choose from ${serviceNames.join(', ')}`);
  for (const service of inOrderOfCalls) if (asked.length === 0 || asked.includes(service)) await roll(service);
  if (asked.length === 0)
    await compose(['exec', '-T', 'gateway', 'nginx', '-c', '/etc/parley/nginx.conf', '-s', 'reload']);
});
