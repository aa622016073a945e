/** Refuses configurations that are unsafe on a public address, unless the operator allows them explicitly. Pure. */

import { isLoopback } from '../network/loopback.ts';
import { ConfigError } from './config.ts';

export interface PublicConfig {
  readonly authSecret?: string | undefined;
  /** The address on which the gateway listens; undefined if not configured. */
  readonly gatewayBind?: string | undefined;
  readonly allowOpen?: string | undefined;
  readonly allowDefaultPasswords?: string | undefined;
  readonly databaseUrl?: string;
  readonly redisUrl?: string;
  readonly minioSecretKey?: string;
}

/** The defaults of `compose.yml` and of MinIO. */
const DEFAULT_PASSWORDS = new Set(['loopback-only', 'minioadmin']);

const passwordOf = (url: string | undefined): string =>
  url !== undefined && URL.canParse(url) ? decodeURIComponent(new URL(url).password) : '';

/** The variables that still have a default password. */
const withDefaultPassword = ({ databaseUrl, redisUrl, minioSecretKey }: PublicConfig): string[] =>
  Object.entries({
    DATABASE_URL: passwordOf(databaseUrl),
    REDIS_URL: passwordOf(redisUrl),
    MINIO_SECRET_KEY: minioSecretKey ?? '',
  })
    .filter(([, password]) => DEFAULT_PASSWORDS.has(password))
    .map(([name]) => name);

/** @throws {ConfigError} if the gateway listens beyond loopback in open mode, or with stores that have default passwords */
export const requireFitForPublic = (config: PublicConfig): void => {
  const { authSecret, gatewayBind, allowOpen, allowDefaultPasswords } = config;
  if (gatewayBind === undefined || isLoopback(gatewayBind)) return;
  const because = `because GATEWAY_BIND is ${JSON.stringify(gatewayBind)}: others can reach this server`;
  const faults: string[] = [];
  if (authSecret === undefined && allowOpen !== 'yes')
    faults.push(
      `AUTH_SECRET: got nothing, wants a secret, ${because}, and could act as anyone. ALLOW_OPEN=yes starts it all the same`,
    );
  if (allowDefaultPasswords !== 'yes')
    for (const name of withDefaultPassword(config))
      faults.push(
        `${name}: got the default password, wants one of your own, ${because}. ALLOW_DEFAULT_PASSWORDS=yes starts it all the same`,
      );
  if (faults.length > 0) throw new ConfigError(faults);
};
