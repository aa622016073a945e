/**
 * The files of deployment that are made from the list of services and the table of public paths. `bun run docs` writes them; a test holds
 * them to the code.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type PublicPaths, patternOf, publicPaths } from '../dev/gateway-routes.ts';
import { workspaces } from '../package.json' with { type: 'json' };
import { needs, serviceNames, services, variablePrefix } from '../services.ts';

const root = join(import.meta.dir, '..');

/** The port of every replica's metrics: `METRICS_PORT` in `compose.yml`. */
const METRICS_PORT = 9464;

const madeFrom = (sources: string): string => `# Made from ${sources} by \`bun run docs\`.`;

/** nginx reads `\\` in quotes as one backslash, and leaves every other escape to PCRE. */
const quoted = (pattern: string): string => `"~${pattern.replaceAll('\\\\', '\\\\\\\\')}"`;

const map = (variable: string, resultOf: (paths: PublicPaths) => string): string => {
  const lines = publicPaths.map((paths) => `  ${quoted(patternOf(paths))} ${resultOf(paths)};`);
  return [`map $raw_path $${variable} {`, '  default "";', ...lines, '}'].join('\n');
};

const nginxRoutes = (): string =>
  [
    `${madeFrom('dev/gateway-routes.ts')} A path that is not listed here is not public.`,
    map('service', ({ service }) => service),
    map('path', ({ noun }) => `${noun}$rest`),
    '',
  ].join('\n');

const nginxUpstreams = (): string =>
  [
    madeFrom('services.ts'),
    '# max_fails=0: nginx retries the next replica at once, and never takes one out of rotation. With few replicas a mistake would leave none.',
    ...serviceNames.map((name) =>
      [
        `upstream ${name} {`,
        `  zone ${name} 128k;`,
        '  least_conn;',
        `  server ${name}:${services[name].port} resolve max_fails=0;`,
        '  keepalive 64;',
        '}',
      ].join('\n'),
    ),
    '',
  ].join('\n');

const prometheus = (): string =>
  [
    `${madeFrom('services.ts')} Prometheus finds every replica by DNS and scrapes it directly, on METRICS_PORT, which the gateway`,
    "# doesn't know.",
    'global:',
    '  scrape_interval: 10s',
    '  evaluation_interval: 10s',
    '',
    'rule_files: [alerts.yml]',
    '',
    'scrape_configs:',
    ...serviceNames.flatMap((name) => [
      `  - job_name: ${name}`,
      `    dns_sd_configs: [{ names: [${name}], type: A, port: ${METRICS_PORT}, refresh_interval: 10s }]`,
    ]),
    '',
  ].join('\n');

/** Allows what images are built from. `testing/` is in no image, but `bun install` needs its manifest because the lockfile names it. */
const dockerignore = (): string =>
  [
    `${madeFrom('the workspaces in package.json')} Anything else stays out of the build context.`,
    '*',
    '!bunfig.toml',
    '!package.json',
    '!bun.lock',
    '!patches',
    '!tsconfig.json',
    ...workspaces.map((name) => `!${name}`),
    '**/node_modules',
    '**/*.test.ts',
    '**/testing',
    '!testing/package.json',
    '**/.data',
    '**/dist',
    '',
  ].join('\n');

const ENV_EXAMPLE = '.env.example';

/** @throws when the file has no such lines yet */
const replaceLines = (text: string, suffix: string, lines: readonly string[]): string => {
  const old = new RegExp(`^(?:[A-Z]+_${suffix}=.*\\n)+`, 'm');
  if (!old.test(text)) throw new Error(`${ENV_EXAMPLE} has no line with _${suffix}`);
  return text.replace(old, lines.map((line) => `${line}\n`).join(''));
};

/** The file as it is, with the lines that each service has. */
const envExample = (): string => {
  const passwords = (store: 'postgres' | 'redis', suffix: string): string[] =>
    serviceNames.filter((name) => needs(name, store)).map((name) => `${variablePrefix(name)}_${suffix}=`);
  const withDatabases = replaceLines(
    readFileSync(join(root, ENV_EXAMPLE), 'utf8'),
    'DB_PASSWORD',
    passwords('postgres', 'DB_PASSWORD'),
  );
  const withRedis = replaceLines(withDatabases, 'REDIS_PASSWORD', passwords('redis', 'REDIS_PASSWORD'));
  return replaceLines(
    withRedis,
    'REPLICAS',
    serviceNames.map((name) => `${variablePrefix(name)}_REPLICAS=1`),
  );
};

/** The texts by their paths in the tree. */
export const generatedFiles = (): Readonly<Record<string, string>> => ({
  '.dockerignore': dockerignore(),
  [ENV_EXAMPLE]: envExample(),
  'deploy/nginx.routes.conf': nginxRoutes(),
  'deploy/nginx.upstreams.conf': nginxUpstreams(),
  'deploy/prometheus/prometheus.yml': prometheus(),
});

if (import.meta.main)
  for (const [path, text] of Object.entries(generatedFiles())) await Bun.write(join(root, path), text);
