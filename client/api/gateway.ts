// Made by `bun run docs` from the list of services. Change that instead.

export type ServiceName = 'chat' | 'presence' | 'notification' | 'file';

/** What the gateway puts before the paths of a service, and what it leaves out of them at their beginning. */
export const gateway: Readonly<Record<ServiceName, readonly [prefix: string, noun?: string]>> = {
  chat: ['/api/chat'],
  presence: ['/api/presence', '/presence'],
  notification: ['/api/notifications', '/notifications'],
  file: ['/api/files'],
};
