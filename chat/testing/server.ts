/** For tests: the service on a free port, over given stores or embedded ones. */
import { newEmbeddedUrl } from '@parley/testing/servers/embedded';
import { startChat } from '../main.ts';
import type { openRoster } from '../roster/roster.open.ts';

export interface TestChat {
  readonly url: string;
  readonly wsUrl: string;
  readonly metricsUrl: string;
  stop(): Promise<void>;
}

export interface TestChatOptions {
  /** Default: a new embedded database. */
  readonly databaseUrl?: string;
  /** Default: a new bus in this process. */
  readonly redisUrl?: string;
  /** Further variables, by name. */
  readonly [variable: string]: string | undefined;
}

/** No service listens there, so entries wait in the outbox. */
const NO_SERVICE_URL = 'http://127.0.0.1:9';

/** Resolves when the service is ready. Replicas are several of these over the same stores. */
export const startTestChat = async (
  { databaseUrl, redisUrl, ...env }: TestChatOptions = {},
  open?: typeof openRoster,
): Promise<TestChat> => {
  const variables = {
    PORT: '0',
    METRICS_PORT: '0',
    LOG_LEVEL: 'silent',
    SHUTDOWN_TIMEOUT_MS: '2000',
    NOTIFICATION_URL: NO_SERVICE_URL,
    FILE_URL: NO_SERVICE_URL,
    DATABASE_URL: databaseUrl ?? newEmbeddedUrl(),
    REDIS_URL: redisUrl ?? `memory:chat-test-${crypto.randomUUID()}`,
    ...env,
  };
  const service = startChat(variables, open);
  await service.ready;
  const { url, metricsUrl = '', stop } = service;
  return { url, wsUrl: url.replace(/^http/, 'ws'), metricsUrl, stop };
};
