/** notification's variables. Web Push is on when both VAPID keys are set. */
import {
  type Config,
  ConfigError,
  commonVariables,
  databaseVariables,
  type Environment,
  parseConfig,
  portVariable,
  t,
} from '@parley/kit/process/config';
import { isContactUrl, isKeyPair, type VapidKeys } from './push/vapid.ts';

export const NotificationVariables = t.Object({
  ...commonVariables,
  ...databaseVariables,
  PORT: portVariable(8022),
  REDIS_URL: t.String({
    default: 'redis://localhost:6379',
    description:
      "Redis, which carries events to users' open pages; `memory:NAME` within one process. While it is away, pages refresh",
    secret: true,
  }),
  RETENTION_DAYS: t.Integer({
    default: 90,
    minimum: 1,
    maximum: 36_500,
    description: 'Read notifications older than this many days are deleted; unread ones stay',
  }),
  RETENTION_INTERVAL_MS: t.Integer({
    default: 3_600_000,
    minimum: 1_000,
    maximum: 86_400_000,
    description: 'How often expired rows are deleted',
  }),
  KEY_RETENTION_DAYS: t.Integer({
    default: 30,
    minimum: 1,
    maximum: 36_500,
    description:
      'Idempotency keys, and the record of which messages were edited or deleted, are deleted after this many days',
  }),
  UNREAD_LIMIT: t.Integer({
    default: 1_000,
    minimum: 1,
    maximum: 1_000_000,
    description: 'Unread notifications of a person; beyond it the oldest are marked as read',
  }),
  CREATIONS_PER_SECOND: t.Number({
    default: 10,
    minimum: 0,
    maximum: 100_000,
    description:
      'Notifications per second by one creator, and for one person; `0` is no limit. Services with a proof have no limit',
  }),
  CREATIONS_BURST: t.Integer({
    default: 300,
    minimum: 1,
    maximum: 100_000,
    description: 'Notifications that may be created at once before that rate applies',
  }),
  VAPID_PUBLIC_KEY: t.Optional(
    t.String({ description: 'Web Push: the public key, base64url. Make a pair: `npx web-push generate-vapid-keys`' }),
  ),
  VAPID_PRIVATE_KEY: t.Optional(t.String({ secret: true, description: 'Web Push: the private key, base64url' })),
  VAPID_SUBJECT: t.Optional(
    t.String({ description: 'Web Push: whom a push service may contact, `mailto:` or `https:`. Goes with the keys' }),
  ),
  PUSH_QUEUE_LIMIT: t.Integer({
    default: 1_000,
    minimum: 1,
    maximum: 1_000_000,
    description:
      'Pushes that may wait; beyond it the person with the most waiting loses their oldest, which is counted',
  }),
  PUSH_QUEUE_LIMIT_PER_PERSON: t.Integer({
    default: 100,
    minimum: 1,
    maximum: 1_000_000,
    description: 'Pushes of one person that may wait',
  }),
  PUSH_CONCURRENCY: t.Integer({
    default: 32,
    minimum: 1,
    maximum: 1_000,
    description:
      'Pushes that are sent at the same time; a person has at most an eighth of them, a push host three quarters',
  }),
  PUSH_BUDGET_MS: t.Integer({
    default: 60_000,
    minimum: 10,
    maximum: 3_600_000,
    description: 'A push that has waited longer than this is not sent',
  }),
  PUSH_CUT_OFF_MS: t.Integer({
    default: 30_000,
    minimum: 10,
    maximum: 3_600_000,
    description:
      'A push host that failed three times in a row gets nothing for this long, twice as long each further time',
  }),
  PUSH_TIMEOUT_MS: t.Integer({
    default: 10_000,
    minimum: 10,
    maximum: 120_000,
    description: 'How long a push service may take to answer',
  }),
  PUSH_ALLOW_LOOPBACK: t.Boolean({
    default: false,
    description: "For tests only: push endpoints may be this machine's own, and plain http",
  }),
});

export type NotificationConfig = Config<typeof NotificationVariables> & {
  /** Absent: Web Push is off. */
  readonly vapid?: VapidKeys;
};

/** @throws {ConfigError} naming every variable at fault */
export const readConfig = (env: Environment): NotificationConfig => {
  const config = parseConfig(NotificationVariables, env);
  const { vapidPublicKey: publicKey, vapidPrivateKey: privateKey, vapidSubject: subject } = config;
  if (!publicKey && !privateKey) return config;
  const faults = vapidFaults(publicKey, privateKey, subject);
  if (faults.length > 0 || !publicKey || !privateKey || !subject) throw new ConfigError(faults);
  return Object.freeze({ ...config, vapid: { publicKey, privateKey, subject } });
};

const vapidFaults = (publicKey?: string, privateKey?: string, subject?: string): string[] => {
  const faults: string[] = [];
  if (!publicKey) faults.push('VAPID_PUBLIC_KEY: got nothing, wants the public key that goes with VAPID_PRIVATE_KEY');
  if (!privateKey) faults.push('VAPID_PRIVATE_KEY: got nothing, wants the private key that goes with VAPID_PUBLIC_KEY');
  if (publicKey && privateKey && !isKeyPair(publicKey, privateKey))
    faults.push('VAPID_PUBLIC_KEY, VAPID_PRIVATE_KEY: got keys that are no pair, wants both of one pair, in base64url');
  if (!subject || !isContactUrl(subject))
    faults.push(`VAPID_SUBJECT: got ${JSON.stringify(subject) ?? 'nothing'}, wants a mailto: or https: address`);
  return faults;
};
