/**
 * Configuration: one TypeBox schema per service, keyed by environment variable, defines the parser, the type and the documentation.
 * All faults are reported together, in an operator's terms: the variable, its value, and what it accepts.
 */
import { FormatRegistry, type Static, type TObject, type TSchema, Type as t } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';

/** TypeBox itself: the framework's `t.Integer` also accepts a string, and leaves it a string. */
export { t };

/** `PING_INTERVAL_MS` as `pingIntervalMs`. */
type Camel<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Lowercase<Head>}${Capitalize<Camel<Tail>>}`
  : Lowercase<S>;

/** The parsed configuration of a schema: its variables in camel case, frozen. */
export type Config<S extends TObject> = Readonly<{ [K in keyof Static<S> as Camel<K & string>]: Static<S>[K] }>;

export type Environment = Record<string, string | undefined>;

const isOrigin = (text: string): boolean =>
  text === '*' || (/^https?:\/\/[^/?#]+\/?$/.test(text) && URL.canParse(text));

/** Splits a comma-separated list. */
export const listOf = (text: string): string[] => text.split(',').flatMap((entry) => entry.trim() || []);

FormatRegistry.Set('origins', (text) => listOf(text).every(isOrigin));

/** Variables that every service reads. Spread into the service's own schema; `PORT`'s default differs by service. */
export const commonVariables = {
  HOST: t.String({ default: '127.0.0.1', description: 'Address to listen on; `0.0.0.0` inside a container' }),
  LOG_LEVEL: t.Union(
    (['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const).map((level) => t.Literal(level)),
    { default: 'info', description: 'The least severe level that is logged' },
  ),
  CORS_ORIGIN: t.String({
    default: '',
    format: 'origins',
    wants: 'origins such as https://chat.example, separated by commas, or *',
    description:
      "Origins whose pages may call this API, separated by commas; `*` is any. Empty: the own one, and in the open mode also this machine's",
  }),
  AUTH_SECRET: t.Optional(
    t.String({
      minLength: 32,
      secret: true,
      description:
        'Signs and verifies tokens. Unset: the open contract, anyone may act as anyone, fit for loopback only',
    }),
  ),
  METRICS_PORT: t.Optional(
    t.Integer({
      minimum: 0,
      maximum: 65_535,
      description:
        'Port of `GET /metrics` for Prometheus, which no gateway should reach; `0` picks a free one. Unset: none',
    }),
  ),
  API_DOCS: t.Union([t.Literal('on'), t.Literal('off')], {
    default: 'on',
    description: 'Whether `/docs` and the documents it shows are served',
  }),
  GATEWAY_BIND: t.Optional(
    t.String({
      description:
        'Where Compose publishes the gateway. Beyond loopback a service refuses to start without `AUTH_SECRET`',
    }),
  ),
  ALLOW_OPEN: t.Optional(
    t.String({
      description: '`yes`: start without `AUTH_SECRET` even so. Anyone who reaches the gateway may act as anyone',
    }),
  ),
  ALLOW_DEFAULT_PASSWORDS: t.Optional(
    t.String({
      description: '`yes`: start beyond loopback although a store has the password that stands in `compose.yml`',
    }),
  ),
  SHUTDOWN_TIMEOUT_MS: t.Integer({
    default: 8_000,
    minimum: 0,
    maximum: 600_000,
    description: 'How long a stop may take before what is left is cut off',
  }),
};

/** Variables of a service that keeps tables. Spread like `commonVariables`. */
export const databaseVariables = {
  DATABASE_URL: t.String({
    default: 'pglite:./.data/postgres',
    description: 'Postgres (`postgres://user:password@host/database`), or `pglite:FOLDER` for the embedded one',
    secret: true,
  }),
  DATABASE_POOL_SIZE: t.Integer({
    default: 10,
    minimum: 1,
    maximum: 200,
    description: 'The most connections to Postgres that one replica holds',
  }),
};

/** The `PORT` variable with a service's default. `0` picks a free port. */
export const portVariable = (port: number) =>
  t.Integer({ default: port, minimum: 0, maximum: 65_535, description: 'Port to listen on; `0` picks a free one' });

/** All faults of a configuration, one line each. */
export class ConfigError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(
      `The configuration has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:\n  ${faults.join('\n  ')}`,
    );
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

/**
 * Parses an environment by a schema whose keys are variable names. An empty variable counts as unset.
 * @throws {ConfigError} naming every variable at fault
 */
export const parseConfig = <S extends TObject>(schema: S, env: Environment): Config<S> => {
  const faults: string[] = [];
  const config: Record<string, unknown> = {};
  for (const [name, property] of Object.entries(schema.properties)) {
    const got = env[name] || undefined;
    const value = Value.Convert(property, got ?? structuredClone(property.default));
    if (value === undefined && !schema.required?.includes(name)) continue;
    if (!Value.Check(property, value)) faults.push(describeFault(name, property, got));
    config[camelCase(name)] = value;
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return Object.freeze(config) as Config<S>;
};

const camelCase = (name: string): string =>
  name.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

const describeFault = (name: string, property: TSchema, got: string | undefined): string => {
  const shown = got === undefined ? 'nothing' : property.secret ? 'a value that is not shown' : JSON.stringify(got);
  return `${name}: got ${shown}, wants ${describeWanted(property)}`;
};

/** Describes what a variable accepts: `an integer from 0 to 65535`. */
export const describeWanted = (property: TSchema): string => {
  if (property.wants) return String(property.wants);
  if (property.anyOf) {
    return `one of ${(property.anyOf as TSchema[]).map((option) => option.const).join(', ')}`;
  }
  const { minimum, maximum, minLength, type } = property;
  if (type === 'string') return minLength ? `text of at least ${minLength} characters` : 'text';
  if (type === 'boolean') return 'true or false';
  const kind = type === 'integer' ? 'an integer' : 'a number';
  if (minimum !== undefined && maximum !== undefined) return `${kind} from ${minimum} to ${maximum}`;
  return minimum === undefined ? kind : `${kind} of at least ${minimum}`;
};
