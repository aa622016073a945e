/** What must not be in reach of others unless an operator says so in as many words. Pure. */

import { isLoopback } from '../network/loopback.ts';
import { ConfigError } from './config.ts';

export interface PublicConfig {
  readonly authSecret?: string | undefined;
  /** Where the gateway listens; undefined where nothing tells. */
  readonly gatewayBind?: string | undefined;
  readonly allowOpen?: string | undefined;
  readonly allowDefaultPasswords?: string | undefined;
  readonly databaseUrl?: string;
  readonly redisUrl?: string;
  readonly minioSecretKey?: string;
}

/** Those that `compose.yml` gives where the operator gives none, and MinIO's own. */
const DEFAULT_PASSWORDS = new Set(['loopback-only', 'minioadmin']);

const passwordOf = (url: string | undefined): string =>
  url !== undefined && URL.canParse(url) ? decodeURIComponent(new URL(url).password) : '';

/** The variables whose password everyone can read in the sources. */
const readableByAll = ({ databaseUrl, redisUrl, minioSecretKey }: PublicConfig): string[] =>
  Object.entries({
    DATABASE_URL: passwordOf(databaseUrl),
    REDIS_URL: passwordOf(redisUrl),
    MINIO_SECRET_KEY: minioSecretKey ?? '',
  })
    .filter(([, password]) => DEFAULT_PASSWORDS.has(password))
    .map(([name]) => name);

/** @throws {ConfigError} when others can reach a server on which anyone may act as anyone, or whose stores have the passwords of the sources */
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
    for (const name of readableByAll(config))
      faults.push(
        `${name}: got the default password, wants one of your own, ${because}. ALLOW_DEFAULT_PASSWORDS=yes starts it all the same`,
      );
  if (faults.length > 0) throw new ConfigError(faults);
};
