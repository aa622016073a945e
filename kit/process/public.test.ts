import { describe, expect, test } from 'bun:test';
import { type PublicConfig, requireFitForPublic } from './public.ts';

const proven: PublicConfig = { authSecret: 'a secret of more than 32 characters', gatewayBind: '0.0.0.0' };
const defaults: Partial<PublicConfig>[] = [
  { databaseUrl: 'postgres://chat:loopback-only@postgres:5432/chat' },
  { redisUrl: 'redis://chat:loopback-only@redis:6379' },
  { redisUrl: 'redis://:loopback%2Donly@redis:6379' },
  { minioSecretKey: 'loopback-only' },
  { minioSecretKey: 'minioadmin' },
];

describe('a server that others can reach', () => {
  test.each(defaults)('does not start with a default password: %j', (config) => {
    expect(() => requireFitForPublic({ ...proven, ...config })).toThrow(
      /got the default password.*ALLOW_DEFAULT_PASSWORDS=yes/,
    );
    for (const allowDefaultPasswords of ['no', 'true', 'YES '])
      expect(() => requireFitForPublic({ ...proven, ...config, allowDefaultPasswords })).toThrow('default password');
    requireFitForPublic({ ...proven, ...config, allowDefaultPasswords: 'yes' });
    requireFitForPublic({ ...proven, ...config, gatewayBind: '127.0.0.1' });
    requireFitForPublic({ ...proven, ...config, gatewayBind: undefined });
  });

  test('starts with passwords of its own, and where a URL has none', () => {
    requireFitForPublic({ ...proven, databaseUrl: 'postgres://chat:x@postgres/chat', redisUrl: 'redis://redis:6379' });
    requireFitForPublic({ ...proven, databaseUrl: 'pglite:./.data/postgres', redisUrl: 'memory:x' });
  });

  test('reports all faults at once', () => {
    const config = {
      gatewayBind: '192.0.2.1',
      databaseUrl: 'postgres://a:loopback-only@b/c',
      minioSecretKey: 'minioadmin',
    };
    expect(() => requireFitForPublic(config)).toThrow(/3 faults.*AUTH_SECRET.*DATABASE_URL.*MINIO_SECRET_KEY/s);
  });
});
