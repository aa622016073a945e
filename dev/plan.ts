/** What a development run consists of: which services, on which ports, with which variables. Pure. */
import { isAbsolute, join } from 'node:path';
import { commonVariables, type Environment, parseConfig, portVariable } from '@parley/kit/process/config';
import { t } from 'elysia';
import { defaultPorts, isServiceName, type ServiceName, serviceNames } from './services.ts';

const suiteVariables = t.Object({
  HOST: commonVariables.HOST,
  DATA_DIR: t.String({ default: '.data', description: 'Where the embedded stores keep their data' }),
  CHAT_PORT: portVariable(defaultPorts.chat),
  PRESENCE_PORT: portVariable(defaultPorts.presence),
  NOTIFICATION_PORT: portVariable(defaultPorts.notification),
  FILE_PORT: portVariable(defaultPorts.file),
  WEB_PORT: portVariable(defaultPorts.web),
  GATEWAY_PORT: portVariable(defaultPorts.gateway),
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
  const services = names.length === 0 ? serviceNames : serviceNames.filter((name) => names.includes(name));
  const [first] = services;
  const isAlone = services.length === 1;
  // PORT is a service's own variable, and means the one that runs alone.
  const alone = isAlone && first && env.PORT ? { [`${first.toUpperCase()}_PORT`]: env.PORT } : {};
  const config = parseConfig(suiteVariables, { ...env, ...alone });
  const { chatPort: chat, presencePort: presence, notificationPort: notification, filePort: file } = config;
  return {
    host: config.host,
    dataFolder: isAbsolute(config.dataDir) ? config.dataDir : join(folder, config.dataDir),
    services,
    ports: { chat, presence, notification, file, web: config.webPort },
    gatewayPort: isAlone && first !== 'web' ? undefined : config.gatewayPort,
  };
};

const databaseFolder = ({ dataFolder }: Plan): string => join(dataFolder, 'postgres');

/** The folder of the embedded database; undefined where nothing of the plan opens it. */
export const embeddedFolderOf = (plan: Plan, env: Environment): string | undefined =>
  env.DATABASE_URL || plan.services.every((name) => name === 'presence') ? undefined : databaseFolder(plan);

export const urlOf = (port: number): string => `http://127.0.0.1:${port}`;

/** The variables of one service: the given ones, then where the others are and the embedded stores. */
export const serviceEnvironment = (name: ServiceName, plan: Plan, env: Environment): Environment => ({
  LOG_LEVEL: 'warn',
  REDIS_URL: 'memory:parley',
  DATABASE_URL: `pglite:${databaseFolder(plan)}`,
  ...(env.MINIO_ENDPOINT ? {} : { STORAGE_DIR: join(plan.dataFolder, 'files') }),
  CHAT_URL: urlOf(plan.ports.chat),
  PRESENCE_URL: urlOf(plan.ports.presence),
  NOTIFICATION_URL: urlOf(plan.ports.notification),
  FILE_URL: urlOf(plan.ports.file),
  ...Object.fromEntries(Object.entries(env).filter(([, value]) => value)),
  PORT: String(plan.ports[name]),
  // Each would take the same one.
  METRICS_PORT:
    env[`${name.toUpperCase()}_METRICS_PORT`] ?? (plan.services.length === 1 ? env.METRICS_PORT : undefined),
});
