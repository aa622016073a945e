/** The text that is printed when the suite is ready: its addresses, stores and identity mode. Pure. */
import { relative } from 'node:path';
import type { Environment } from '@parley/kit/process/config';
import { apis } from '../services.ts';
import type { Plan } from './plan.ts';

const storesOf = ({ DATABASE_URL, REDIS_URL, MINIO_ENDPOINT }: Environment): string => {
  const given = [DATABASE_URL && 'DATABASE_URL', REDIS_URL && 'REDIS_URL', MINIO_ENDPOINT && 'MINIO_ENDPOINT'];
  const names = given.filter(Boolean);
  return names.length === 0 ? 'embedded' : `embedded, except those of ${names.join(', ')}`;
};

const identityOf = ({ AUTH_SECRET }: Environment): string =>
  AUTH_SECRET ? 'proven by tokens (AUTH_SECRET)' : 'open: anyone may act as anyone. AUTH_SECRET is not set';

/** The rows of the table. Addresses lead through the gateway when there is one. */
const rowsOf = (plan: Plan, env: Environment): [string, string][] => {
  const origin = plan.gatewayPort === undefined ? undefined : `http://localhost:${plan.gatewayPort}`;
  const asked = apis.filter(([name]) => plan.services.includes(name));
  return [
    ...(origin && plan.services.includes('web') ? [['page', origin] as [string, string]] : []),
    ...asked.map(([name, prefix]): [string, string] => [
      `${name} API`,
      origin ? `${origin}${prefix}/docs` : `http://localhost:${plan.ports[name]}/docs`,
    ]),
    ['stores', storesOf(env)],
    ['identity', identityOf(env)],
    ['data', relative(process.cwd(), plan.dataFolder) || '.'],
  ];
};

/** @returns lines that end in a line break; the first begins with `Parley is ready` */
export const welcome = (plan: Plan, env: Environment): string => {
  const rows = rowsOf(plan, env);
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, where]) => `  ${name.padEnd(width)}  ${where}`);
  return `Parley is ready. Ctrl-C stops it.\n\n${lines.join('\n')}\n\n`;
};
