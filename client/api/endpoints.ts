// Made by `bun run docs` from the contracts of the services. Change those instead.

export * as chat from './chat.ts';
export * as file from './file.ts';
export * as notification from './notification.ts';
export * as presence from './presence.ts';
