/** The variables that presence reads. */
import { type Config, commonVariables, portVariable, t } from '@parley/kit/process/config';

export const PresenceVariables = t.Object({
  ...commonVariables,
  PORT: portVariable(8021),
  REDIS_URL: t.String({
    default: 'redis://localhost:6379',
    description: 'Redis, where presence lives; `memory:NAME` within one process',
    secret: true,
  }),
  PRESENCE_TTL_S: t.Integer({
    default: 30,
    minimum: 1,
    maximum: 3_600,
    description: 'Seconds that a heartbeat keeps a person online',
  }),
  TYPING_TTL_S: t.Integer({
    default: 5,
    minimum: 1,
    maximum: 300,
    description: 'Seconds that a sign of typing holds',
  }),
  SWEEP_INTERVAL_MS: t.Integer({
    default: 1_000,
    minimum: 10,
    maximum: 60_000,
    description: 'How often each replica looks for people whose time has run out, to announce that they went offline',
  }),
});

export type PresenceConfig = Config<typeof PresenceVariables>;
