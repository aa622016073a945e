/** A minimal service, for tests of the life of a service's process: `bun sample-service.ts` with PORT, FAULT. */

import { healthRoutes } from '@parley/kit/http/health';
import { commonVariables, type Environment, parseConfig, portVariable, t } from '@parley/kit/process/config';
import { createHealth } from '@parley/kit/process/health';
import { createLog } from '@parley/kit/process/log';
import { type RunningService, runProcess, startService } from '@parley/kit/process/run';
import { Elysia } from 'elysia';

const Variables = t.Object({
  ...commonVariables,
  PORT: portVariable(0),
  FAULT: t.Union([t.Literal('none'), t.Literal('prepare_fails'), t.Literal('prepare_waits')], { default: 'none' }),
});

const startSample = (env: Environment): RunningService => {
  const config = parseConfig(Variables, env);
  const { fault } = config;
  const health = createHealth();
  const closed = Promise.withResolvers<void>();
  return startService({
    name: 'sample',
    config,
    log: createLog('sample'),
    service: { app: new Elysia().use(healthRoutes('sample', health)), health },
    stores: [{ close: () => closed.reject(new Error('closed while waiting')) }],
    prepare: async () => {
      if (fault === 'prepare_fails') throw new Error('the migration is broken');
      // As migrations do while the database is unreachable.
      if (fault === 'prepare_waits') await closed.promise;
    },
  });
};

await runProcess(startSample);
