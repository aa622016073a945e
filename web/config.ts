/** The front end's environment variables. */
import { type Config, commonVariables, portVariable, t } from '@parley/kit/process/config';

const upstream = (port: number, what: string) =>
  t.String({
    default: `http://localhost:${port}`,
    description: `Where the ${what} service answers, for this server's own calls`,
  });

export const WebVariables = t.Object({
  ...commonVariables,
  PORT: portVariable(8024),
  DATABASE_URL: t.String({
    default: 'pglite:./.data/postgres',
    description: 'Postgres (`postgres://...`), or `pglite:FOLDER` for one inside this process; keeps the accounts',
  }),
  CHAT_URL: upstream(8020, 'chat'),
  PRESENCE_URL: upstream(8021, 'presence'),
  NOTIFICATION_URL: upstream(8022, 'notification'),
  FILE_URL: upstream(8023, 'file'),
  UPSTREAM_TIMEOUT_MS: t.Integer({
    default: 2_000,
    minimum: 100,
    maximum: 60_000,
    description: 'How long a page waits for a service before it renders without that part',
  }),
  MAX_UPLOAD_BYTES: t.Integer({
    default: 12_000_000,
    minimum: 1_024,
    description: 'The largest upload form taken from a browser without JavaScript; the file service has its own limit',
  }),
  COOKIE_SECURE: t.Boolean({
    default: false,
    description: 'Send cookies over HTTPS only: set it when the gateway has a certificate',
  }),
  SESSION_DAYS: t.Integer({
    default: 30,
    minimum: 1,
    maximum: 400,
    description: 'How long a browser is remembered after its last visit',
  }),
  SIGN_INS_PER_SECOND: t.Number({
    default: 1,
    minimum: 0,
    maximum: 1_000,
    description:
      'How often one address (of IPv6: a /64) may sign in or set a password in the long run; `0` is no limit',
  }),
  SIGN_INS_BURST: t.Integer({
    default: 100,
    minimum: 1,
    maximum: 100_000,
    description: 'How often it may do so at once before the rate counts. The gateway allows less',
  }),
  ASSETS_DIR: t.Optional(
    t.String({
      description: 'Folder of the built scripts and styles (`bun run build FOLDER` in `web/`); unset: built at start',
    }),
  ),
});

export type WebConfig = Config<typeof WebVariables>;
