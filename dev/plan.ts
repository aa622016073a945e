/** The plan of a development run: its services, their ports and variables. Pure. */
import { isAbsolute, join } from 'node:path';
import { commonVariables, type Environment, parseConfig, portVariable } from '@parley/kit/process/config';
import { t } from 'elysia';
import {
  apis,
  GATEWAY_PORT,
  isServiceName,
  needs,
  perService,
  type ServiceName,
  serviceNames,
  services,
  variablePrefix,
} from '../services.ts';

type PortVariables = Record<`${Uppercase<ServiceName>}_PORT`, ReturnType<typeof portVariable>>;

const suiteVariables = t.Object({
  HOST: commonVariables.HOST,
  DATA_DIR: t.String({ default: '.data', description: 'Where the embedded stores keep their data' }),
  GATEWAY_PORT: portVariable(GATEWAY_PORT),
  ...(Object.fromEntries(
    serviceNames.map((name) => [`${variablePrefix(name)}_PORT`, portVariable(services[name].port)]),
  ) as PortVariables),
});

export interface Listener {
  readonly name: ServiceName | 'gateway';
  /** 0 chooses a free port. */
  readonly port: number;
}

export interface Plan {
  readonly host: string;
  readonly dataFolder: string;
  readonly services: readonly ServiceName[];
  /** The port of every service, also of those that this run doesn't start: they may run in another process. */
  readonly ports: Readonly<Record<ServiceName, number>>;
  /** Undefined when one API runs alone, without a gateway. */
  readonly gatewayPort: number | undefined;
}

/**
 * @param names the services to start; an empty list means all
 * @param folder that a relative DATA_DIR is resolved against
 * @throws {ConfigError} naming the variables at fault
 * @throws when a name isn't a service
 */
export const planSuite = (names: readonly string[], env: Environment, folder: string): Plan => {
  const unknown = names.find((name) => !isServiceName(name));
  if (unknown) throw new Error(`There is no service ${unknown}: choose from ${serviceNames.join(', ')}`);
  const asked = names.length === 0 ? serviceNames : serviceNames.filter((name) => names.includes(name));
  const [first] = asked;
  const isAlone = asked.length === 1;
  // With one service, PORT is that service's port, as when it is started by its own main.ts.
  const alone = isAlone && first && env.PORT ? { [`${variablePrefix(first)}_PORT`]: env.PORT } : {};
  const config = parseConfig(suiteVariables, { ...env, ...alone });
  return {
    host: config.host,
    dataFolder: isAbsolute(config.dataDir) ? config.dataDir : join(folder, config.dataDir),
    services: asked,
    ports: perService((name) => config[`${name}Port` as const]),
    gatewayPort: isAlone && first && services[first].prefix !== undefined ? undefined : config.gatewayPort,
  };
};

const databaseFolder = ({ dataFolder }: Plan): string => join(dataFolder, 'postgres');

/** The folder of the embedded database; undefined when no service of the plan opens it. */
export const embeddedFolderOf = (plan: Plan, env: Environment): string | undefined =>
  env.DATABASE_URL || !plan.services.some((name) => needs(name, 'postgres')) ? undefined : databaseFolder(plan);

export const urlOf = (port: number): string => `http://127.0.0.1:${port}`;

/** The variables of one service. Given variables win over the defaults: the other services' addresses and embedded stores. */
export const serviceEnvironment = (name: ServiceName, plan: Plan, env: Environment): Environment => ({
  LOG_LEVEL: 'warn',
  REDIS_URL: 'memory:parley',
  DATABASE_URL: `pglite:${databaseFolder(plan)}`,
  ...(env.MINIO_ENDPOINT ? {} : { STORAGE_DIR: join(plan.dataFolder, 'files') }),
  ...Object.fromEntries(apis.map(([api]) => [`${variablePrefix(api)}_URL`, urlOf(plan.ports[api])])),
  ...Object.fromEntries(Object.entries(env).filter(([, value]) => value)),
  PORT: String(plan.ports[name]),
  // METRICS_PORT itself is dropped when several services run: they would all try to listen on it.
  METRICS_PORT:
    env[`${variablePrefix(name)}_METRICS_PORT`] ?? (plan.services.length === 1 ? env.METRICS_PORT : undefined),
});
