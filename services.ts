/**
 * The services of the suite. Development, tests, the scripts of `docs/` and of `deploy/` derive their lists from this one; the files that
 * can't import it (`compose.yml`, `Dockerfile`, ...) are held to it by `tests/services.test.ts`.
 */
import type { ErrorEntry } from '@parley/kit/errors/errors';
import type { Environment } from '@parley/kit/process/config';
import type { RunningService } from '@parley/kit/process/run';
import type { TObject } from '@sinclair/typebox';

/** Postgres with a database and a role of the service's name, Redis with a user of that name, or a bucket. */
type Store = 'postgres' | 'redis' | 'objects';

interface Service<Name extends string> {
  /** Where it listens unless `PORT` says otherwise. */
  readonly port: number;
  /** Where its API is at the gateway. Without one it answers whatever is no API. */
  readonly prefix?: string;
  /** What its own paths begin with, and the gateway's don't: `/api/presence/ann` is its `/presence/ann`. */
  readonly noun?: string;
  readonly stores: readonly Store[];
  /** The services that it calls, by their `NAME_URL`. */
  readonly calls: readonly Name[];
  /** Whether it calls addresses outside of the suite. */
  readonly callsInternet?: boolean;
  /** What its image adds to its base, in MB (millions of bytes): a test fails when it grows by a tenth. */
  readonly imageMegabytes: number;
  /** Loaded when it is needed: one service starts without the others' code. */
  load(): Promise<(env: Environment) => RunningService>;
  /** Every variable that it reads. */
  variables(): Promise<TObject>;
  /** The operations that it serves; web has pages instead. */
  contract?(): Promise<object>;
  /** The errors of its API: the common ones and its own. */
  errors?(): Promise<Readonly<Record<string, ErrorEntry>>>;
}

const define = <Name extends string>(all: Readonly<Record<Name, Service<NoInfer<Name>>>>) => all;

export const services = define({
  chat: {
    port: 8020,
    prefix: '/api/chat',
    stores: ['postgres', 'redis'],
    calls: ['notification', 'file'],
    imageMegabytes: 118.0,
    load: async () => (await import('@parley/chat/main')).startChat,
    variables: async () => (await import('@parley/chat/config')).ChatVariables,
    contract: () => import('@parley/chat/contract'),
    errors: async () => (await import('@parley/chat/errors')).errors,
  },
  presence: {
    port: 8021,
    prefix: '/api/presence',
    noun: '/presence',
    stores: ['redis'],
    calls: [],
    imageMegabytes: 117.2,
    load: async () => (await import('@parley/presence/main')).startPresence,
    variables: async () => (await import('@parley/presence/config')).PresenceVariables,
    contract: () => import('@parley/presence/contract'),
    errors: async () => (await import('@parley/presence/errors')).errors,
  },
  notification: {
    port: 8022,
    prefix: '/api/notifications',
    noun: '/notifications',
    stores: ['postgres', 'redis'],
    calls: [],
    callsInternet: true,
    imageMegabytes: 118.3,
    load: async () => (await import('@parley/notification/main')).startNotification,
    variables: async () => (await import('@parley/notification/config')).NotificationVariables,
    contract: () => import('@parley/notification/contract'),
    errors: async () => (await import('@parley/notification/errors')).errors,
  },
  file: {
    port: 8023,
    prefix: '/api/files',
    stores: ['postgres', 'objects'],
    calls: [],
    imageMegabytes: 119.8,
    load: async () => (await import('@parley/file/main')).startFile,
    variables: async () => (await import('@parley/file/config')).FileVariables,
    contract: () => import('@parley/file/contract'),
    errors: async () => (await import('@parley/file/errors')).errors,
  },
  web: {
    port: 8024,
    stores: ['postgres'],
    calls: ['chat', 'presence', 'notification', 'file'],
    imageMegabytes: 117.8,
    load: async () => (await import('@parley/web/main')).startWeb,
    variables: async () => (await import('@parley/web/config')).WebVariables,
  },
});

export type ServiceName = keyof typeof services;

/** Where the gateway listens: nginx in its container, and the development gateway. */
export const GATEWAY_PORT = 8080;

/** In the order of this list. */
export const serviceNames = Object.keys(services) as ServiceName[];

export const isServiceName = (name: string): name is ServiceName => Object.hasOwn(services, name);

/** What a function makes for each service, by the service's name. */
export const perService = <Value>(make: (name: ServiceName) => Value): Readonly<Record<ServiceName, Value>> =>
  Object.fromEntries(serviceNames.map((name) => [name, make(name)])) as Record<ServiceName, Value>;

/** The services that have an API, with its prefix at the gateway. */
export const apis: readonly (readonly [name: ServiceName, prefix: string])[] = serviceNames.flatMap((name) => {
  const { prefix } = services[name];
  return prefix === undefined ? [] : [[name, prefix] as const];
});

export const needs = (name: ServiceName, store: Store): boolean => services[name].stores.includes(store);

/** What its variables begin with: `CHAT` of `CHAT_PORT`, `CHAT_URL`, `CHAT_DB_PASSWORD`. */
export const variablePrefix = <Name extends ServiceName>(name: Name): Uppercase<Name> =>
  name.toUpperCase() as Uppercase<Name>;

/** Each service after those that it calls: the order in which replicas are replaced. */
export const inOrderOfCalls: readonly ServiceName[] = [
  ...new Set(
    serviceNames.flatMap(function before(name: ServiceName): ServiceName[] {
      return [...services[name].calls.flatMap(before), name];
    }),
  ),
];
