/** What a development run consists of: which services, on which ports, with which variables. Pure. */
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
  /** 0 asks for a free one. */
  readonly port: number;
}

export interface Plan {
  readonly host: string;
  readonly dataFolder: string;
  readonly services: readonly ServiceName[];
  /** Every service's port, asked for or not: those that run elsewhere are found there. */
  readonly ports: Readonly<Record<ServiceName, number>>;
  /** Undefined when a service runs alone: then nothing stands in front of it. */
  readonly gatewayPort: number | undefined;
}

/**
 * @param names the services that were asked for; none asks for all
 * @param folder where a relative DATA_DIR begins
 * @throws {ConfigError} naming the variables at fault
 * @throws when a name is no service
 */
export const planSuite = (names: readonly string[], env: Environment, folder: string): Plan => {
  const unknown = names.find((name) => !isServiceName(name));
  if (unknown) throw new Error(`There is no service ${unknown}: choose from ${serviceNames.join(', ')}`);
  const asked = names.length === 0 ? serviceNames : serviceNames.filter((name) => names.includes(name));
  const [first] = asked;
  const isAlone = asked.length === 1;
  // PORT is a service's own variable, and means the one that runs alone.
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

/** The folder of the embedded database; undefined where nothing of the plan opens it. */
export const embeddedFolderOf = (plan: Plan, env: Environment): string | undefined =>
  env.DATABASE_URL || !plan.services.some((name) => needs(name, 'postgres')) ? undefined : databaseFolder(plan);

export const urlOf = (port: number): string => `http://127.0.0.1:${port}`;

/** The variables of one service: the given ones, then where the others are and the embedded stores. */
export const serviceEnvironment = (name: ServiceName, plan: Plan, env: Environment): Environment => ({
  LOG_LEVEL: 'warn',
  REDIS_URL: 'memory:parley',
  DATABASE_URL: `pglite:${databaseFolder(plan)}`,
  ...(env.MINIO_ENDPOINT ? {} : { STORAGE_DIR: join(plan.dataFolder, 'files') }),
  ...Object.fromEntries(apis.map(([api]) => [`${variablePrefix(api)}_URL`, urlOf(plan.ports[api])])),
  ...Object.fromEntries(Object.entries(env).filter(([, value]) => value)),
  PORT: String(plan.ports[name]),
  // Each would take the same one.
  METRICS_PORT:
    env[`${variablePrefix(name)}_METRICS_PORT`] ?? (plan.services.length === 1 ? env.METRICS_PORT : undefined),
});
