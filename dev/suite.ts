/**
 * Runs the suite in one process: the requested services and the gateway, with embedded stores unless variables name others. Prints the
 * addresses when it is ready, and stops in reverse order.
 */
import { ConfigError, type Environment } from '@parley/kit/process/config';
import { PortTaken, type RunningService } from '@parley/kit/process/run';
import { FolderInUse, requireFree } from '@parley/kit/stores/folder-lock';
import { perService, services } from '../services.ts';
import { type Gateway, startGateway } from './gateway.ts';
import { embeddedFolderOf, type Listener, type Plan, planSuite, serviceEnvironment, urlOf } from './plan.ts';
import { reservePorts } from './ports.ts';
import { welcome } from './welcome.ts';

interface Suite {
  readonly plan: Plan;
  stop(): Promise<void>;
}

/** The plan with every port chosen. @throws {PortTaken} */
const choosePorts = (plan: Plan): Plan => {
  const listeners: Listener[] = plan.services.map((name) => ({ name, port: plan.ports[name] }));
  if (plan.gatewayPort !== undefined) listeners.push({ name: 'gateway', port: plan.gatewayPort });
  const chosen = reservePorts(listeners, plan.host);
  const ports = Object.fromEntries(plan.services.map((name, index) => [name, chosen[index]]));
  const gatewayPort = plan.gatewayPort === undefined ? undefined : chosen.at(-1);
  return { ...plan, ports: { ...plan.ports, ...ports }, gatewayPort };
};

const startSuite = async (plan: Plan, env: Environment): Promise<Suite> => {
  const running: RunningService[] = [];
  let gateway: Gateway | undefined;
  const stop = async () => {
    for (const service of running.reverse()) await service.stop();
    // Last, so that close frames which the services send while stopping still reach the clients.
    await gateway?.stop();
  };
  try {
    for (const name of plan.services) {
      const start = await services[name].load();
      running.push(start(serviceEnvironment(name, plan, env)));
    }
    await Promise.all(running.map(({ ready }) => ready));
    if (plan.gatewayPort !== undefined)
      gateway = startGateway({
        host: plan.host,
        port: plan.gatewayPort,
        services: perService((name) => urlOf(plan.ports[name])),
      });
  } catch (error) {
    await stop();
    throw error;
  }
  return { plan, stop };
};

const describeError = (error: unknown): string => {
  const isOperatorError = [ConfigError, PortTaken, FolderInUse].some((kind) => error instanceof kind);
  if (isOperatorError) return (error as Error).message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
};

const run = async (): Promise<void> => {
  const plan = choosePorts(planSuite(process.argv.slice(2), process.env, process.cwd()));
  const folder = embeddedFolderOf(plan, process.env);
  // Checked once, before each service would fail on the locked folder with an error of its own.
  if (folder) requireFree(folder);
  const suite = await startSuite(plan, process.env);
  const onEnd = () => {
    void suite.stop().then(() => process.exit(0));
  };
  for (const event of ['SIGINT', 'SIGTERM', 'disconnect'] as const) process.on(event, onEnd);
  process.stdout.write(welcome(suite.plan, process.env));
};

try {
  await run();
} catch (error) {
  process.stderr.write(`${describeError(error)}\n`);
  process.exit(1);
}
