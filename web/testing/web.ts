/** Starts the front end for a test: on a free port, with accounts in memory, in front of fake services. */
import type { RunningService } from '@parley/kit/process/run';
import { startWeb } from '../main.ts';
import { startUpstreams, type Upstreams } from './upstreams.ts';
import { type Visitor, visit } from './visitor.ts';

export interface TestWeb {
  readonly origin: string;
  readonly metricsUrl: string;
  readonly upstreams: Upstreams;
  visit(): Visitor;
  stop(): Promise<void>;
}

/** @param env further variables */
export const startTestWeb = async (env: Record<string, string> = {}): Promise<TestWeb> => {
  const upstreams = startUpstreams();
  const web: RunningService = startWeb({
    PORT: '0',
    METRICS_PORT: '0',
    LOG_LEVEL: 'silent',
    DATABASE_URL: 'pglite:memory',
    UPSTREAM_TIMEOUT_MS: '20000',
    ...upstreams.env,
    ...env,
  });
  await web.ready;
  return {
    origin: web.url,
    metricsUrl: web.metricsUrl ?? '',
    upstreams,
    visit: () => visit(web.url),
    stop: async () => {
      await web.stop();
      await upstreams.stop();
    },
  };
};
