/** The example bot of `client/` answers through the gateway while containers are killed. */
import { expect, test } from 'bun:test';
import { eventually } from '@parley/testing/time/eventually';
import { runBot } from '../exactly-once/bot.ts';
import { docker } from './docker.ts';
import type { Stack } from './stack.ts';

const QUESTIONS = 150;
const AWAY_MS = 500;
const TIMEOUT_MS = 240_000;

const isHealthy = async (container: string): Promise<boolean> =>
  (await docker(['inspect', '--format', '{{.State.Health.Status}}', container])) === 'healthy';

/** SIGKILL, all at once. Compose's restart policy leaves a container alone that was killed by hand. */
const killAndStart = async (...containers: string[]): Promise<void> => {
  await docker(['kill', ...containers]);
  await Bun.sleep(AWAY_MS);
  await docker(['start', ...containers]);
  for (const container of containers)
    await eventually(async () => expect(await isHealthy(container)).toBe(true), { timeoutMs: 60_000 });
};

/** Kills Redis with each replica of chat, one replica after the other, so that each client loses its connection. */
const killInTurn = async (stack: Stack): Promise<void> => {
  const [redis = ''] = await stack.containers('redis');
  for (const replica of await stack.containers('chat')) await killAndStart(redis, replica);
};

export const botTests = (stack: () => Stack): void => {
  test(
    'the example bot answers every question once and in order while Redis and both replicas of chat are killed',
    async () => {
      const { asked, received, stored, losses } = await runBot({
        origin: stack().origin,
        questions: QUESTIONS,
        disturb: () => killInTurn(stack()),
      });
      expect(received).toEqual(asked);
      expect(stored).toEqual(asked);
      expect(losses).toBeGreaterThan(0);
    },
    TIMEOUT_MS,
  );
};
