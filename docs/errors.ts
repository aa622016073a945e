/** The errors of all services as one list, since a code means the same everywhere. */
import { errors as common, type ErrorEntry } from '@parley/kit/errors/errors';
import { apis, services } from '../services.ts';

/** An error, and the only service that answers with it; undefined where each may. */
export interface ListedError extends ErrorEntry {
  readonly service?: string;
}

/** Of each service that has an API, with the common ones. */
export const errorTables = () =>
  Promise.all(apis.map(async ([name]) => [name, (await services[name].errors?.()) ?? {}] as const));

/** The common ones, then each service's own. */
export const allErrors = async (): Promise<readonly ListedError[]> => [
  ...Object.values(common),
  ...(await errorTables()).flatMap(([service, table]) =>
    Object.values(table).flatMap((entry) => (entry.code in common ? [] : [{ ...entry, service }])),
  ),
];
