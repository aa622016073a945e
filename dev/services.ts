/** The services of the suite: where each listens unless told otherwise, and how it starts. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '@parley/kit/config';
import type { RunningService } from '@parley/kit/run';

export const serviceNames = ['chat', 'presence', 'notification', 'file', 'web'] as const;

export type ServiceName = (typeof serviceNames)[number];

export type Start = (env: Environment) => RunningService;

export const defaultPorts: Record<ServiceName | 'gateway', number> = {
  chat: 8020,
  presence: 8021,
  notification: 8022,
  file: 8023,
  web: 8024,
  gateway: 8080,
};

export const isServiceName = (name: string): name is ServiceName => serviceNames.some((known) => known === name);

const starters: Record<ServiceName, string> = {
  chat: 'startChat',
  presence: 'startPresence',
  notification: 'startNotification',
  file: 'startFile',
  web: 'startWeb',
};

const mainOf = (name: ServiceName): string => join(import.meta.dir, '..', name, 'main.ts');

export const hasMain = (name: ServiceName): boolean => existsSync(mainOf(name));

/** Only what is asked for is loaded: one service alone starts without the others' code. */
export const loadStart = async (name: ServiceName): Promise<Start> => {
  const main = (await import(mainOf(name))) as Record<string, Start | undefined>;
  const start = main[starters[name]];
  if (!start) throw new Error(`${name}/main.ts has no ${starters[name]}`);
  return start;
};
