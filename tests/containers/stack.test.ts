/** The composed suite, built and run for real: confinement, features, monitoring, sizes, a bot under faults, a rollout under traffic, backup and restore, and removal. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { describeWith } from '@parley/testing/servers/servers';
import { backupTests } from './backup.ts';
import { botTests } from './bot.ts';
import { confinementTests } from './confinement.ts';
import { docker } from './docker.ts';
import { featureTests } from './features.ts';
import { monitoringTests } from './monitoring.ts';
import { rolloutTests } from './rollout.ts';
import { sizeAndStartTests } from './sizes-and-start-times.ts';
import { buildImages, defineStack, startStack } from './stack.ts';

const START_TIMEOUT_MS = 300_000;

describeWith(['docker'], 'docker compose up', () => {
  const stack = defineStack();

  beforeAll(async () => {
    await buildImages(stack);
    await startStack(stack);
  }, START_TIMEOUT_MS);

  afterAll(() => stack.down());

  const given = () => stack;
  confinementTests(given);
  featureTests(given);
  monitoringTests(given);
  sizeAndStartTests(given);
  botTests(given);
  rolloutTests(given);
  backupTests(given);

  test('docker compose down -v leaves no container, volume or network', async () => {
    await stack.down();
    const label = `label=com.docker.compose.project=${stack.env.COMPOSE_PROJECT_NAME}`;
    for (const kind of ['container', 'volume', 'network'])
      expect(await docker([kind, 'ls', ...(kind === 'container' ? ['--all'] : []), '--quiet', '--filter', label])).toBe(
        '',
      );
  });
});
