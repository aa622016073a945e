import { expect, test } from 'bun:test';
import { ConfigError, type Environment } from '@parley/kit/process/config';
import webPush from 'web-push';
import { readConfig } from './config.ts';

const { publicKey, privateKey } = webPush.generateVAPIDKeys();
const good = { VAPID_PUBLIC_KEY: publicKey, VAPID_PRIVATE_KEY: privateKey, VAPID_SUBJECT: 'mailto:a@example.org' };

const faultsOf = (env: Environment): readonly string[] => {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
};

test('an empty environment has the defaults of the documentation, and push off', () => {
  const config = readConfig({});
  expect(config).toMatchObject({
    port: 8022,
    databaseUrl: 'pglite:./.data/postgres',
    redisUrl: 'redis://localhost:6379',
    retentionDays: 90,
  });
  expect(config.vapid).toBeUndefined();
});

test('a key pair with a contact turns push on', () => {
  expect(readConfig(good).vapid).toEqual({ publicKey, privateKey, subject: 'mailto:a@example.org' });
});

const other = webPush.generateVAPIDKeys();
const bad: [string, Environment, string][] = [
  ['the public key alone', { ...good, VAPID_PRIVATE_KEY: '' }, 'VAPID_PRIVATE_KEY'],
  ['the private key alone', { ...good, VAPID_PUBLIC_KEY: '' }, 'VAPID_PUBLIC_KEY'],
  ['keys of two pairs', { ...good, VAPID_PUBLIC_KEY: other.publicKey }, 'no pair'],
  ['a private key that is none', { ...good, VAPID_PRIVATE_KEY: 'x' }, 'no pair'],
  ['a private key of zeros', { ...good, VAPID_PRIVATE_KEY: 'A'.repeat(43) }, 'no pair'],
  ['a private key beyond the curve', { ...good, VAPID_PRIVATE_KEY: `${'_'.repeat(42)}8` }, 'no pair'],
  ['a key with padding', { ...good, VAPID_PUBLIC_KEY: `${publicKey}=` }, 'no pair'],
  ['no contact', { ...good, VAPID_SUBJECT: '' }, 'VAPID_SUBJECT'],
  ['a contact that is no address', { ...good, VAPID_SUBJECT: 'me' }, 'VAPID_SUBJECT'],
];
test.each(bad)('%s is a fault that says what is wanted, and shows no private key', (_, env, named) => {
  const faults = faultsOf(env);
  expect(faults.length).toBe(1);
  expect(faults[0]).toContain(named);
  expect(faults[0]).not.toContain(privateKey);
});
