/** The composed suite, built and run for real: confined, used, replaced under traffic, saved and restored, and gone without a trace. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { describeWith } from '@parley/testing/servers/servers';
import { confinedTests } from './confined.ts';
import { docker } from './docker.ts';
import { measuredTests } from './measured.ts';
import { observedTests } from './observed.ts';
import { replacedTests } from './replaced.ts';
import { savedTests } from './saved.ts';
import { buildImages, defineStack, startStack } from './stack.ts';
import { usedTests } from './used.ts';

const START_TIMEOUT_MS = 300_000;

describeWith(['docker'], 'docker compose up', () => {
  const stack = defineStack();

  beforeAll(async () => {
    await buildImages(stack);
    await startStack(stack);
  }, START_TIMEOUT_MS);

  afterAll(() => stack.down());

  const given = () => stack;
  confinedTests(given);
  usedTests(given);
  observedTests(given);
  measuredTests(given);
  replacedTests(given);
  savedTests(given);

  test('docker compose down -v leaves no container, volume or network', async () => {
    await stack.down();
    const label = `label=com.docker.compose.project=${stack.env.COMPOSE_PROJECT_NAME}`;
    for (const kind of ['container', 'volume', 'network'])
      expect(await docker([kind, 'ls', ...(kind === 'container' ? ['--all'] : []), '--quiet', '--filter', label])).toBe(
        '',
      );
  });
});
