/** The services of the suite: where each listens unless told otherwise, and how it starts. */
import type { Environment } from '@parley/kit/process/config';
import type { RunningService } from '@parley/kit/process/run';

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

/** Only what is asked for is loaded: one service alone starts without the others' code. */
export const loadStart: Record<ServiceName, () => Promise<Start>> = {
  chat: async () => (await import('@parley/chat/main')).startChat,
  presence: async () => (await import('@parley/presence/main')).startPresence,
  notification: async () => (await import('@parley/notification/main')).startNotification,
  file: async () => (await import('@parley/file/main')).startFile,
  web: async () => (await import('@parley/web/main')).startWeb,
};
