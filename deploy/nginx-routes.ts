/** Writes `nginx.routes.conf`: the table of public paths as nginx reads it. `bun run docs` runs this; a test holds the file to it. */
import { join } from 'node:path';
import { type PublicPaths, patternOf, publicPaths } from '../dev/gateway-routes.ts';

export const routesFile = join(import.meta.dir, 'nginx.routes.conf');

/** nginx reads `\\` in quotes as one backslash, and leaves every other escape to PCRE. */
const quoted = (pattern: string): string => `"~${pattern.replaceAll('\\\\', '\\\\\\\\')}"`;

const map = (variable: string, resultOf: (paths: PublicPaths) => string): string => {
  const lines = publicPaths.map((paths) => `  ${quoted(patternOf(paths))} ${resultOf(paths)};`);
  return [`map $raw_path $${variable} {`, '  default "";', ...lines, '}'].join('\n');
};

export const nginxRoutes = (): string =>
  [
    '# Made from dev/gateway-routes.ts by `bun run docs`. What is not listed here is public nowhere.',
    map('service', ({ service }) => service),
    map('path', ({ noun }) => `${noun}$rest`),
    '',
  ].join('\n');

if (import.meta.main) await Bun.write(routesFile, nginxRoutes());
