/** The example bot answers every question once and in order, while the servers behind it, and the bot itself, are killed. */
import { afterEach, expect, test } from 'bun:test';
import { startNginx } from '@parley/testing/servers/nginx';
import { describeWith, startPostgres, startRedis } from '@parley/testing/servers/servers';
import { startServiceProcess } from '@parley/testing/servers/service';
import { perService } from '../../services.ts';
import { startSuite } from '../browser/suite.ts';
import { type Bot, runBot } from './bot.ts';

const QUESTIONS = 150;
/** Nothing answers there. */
const NO_PORT = 9;

const toClose: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
});

const expectAnswers = async (origin: string, disturb: (bot: Bot) => Promise<void>): Promise<void> => {
  const { asked, received, stored, losses } = await runBot({ origin, questions: QUESTIONS, disturb });
  expect(received).toEqual(asked);
  expect(stored).toEqual(asked);
  // The faults had an effect.
  expect(losses).toBeGreaterThan(0);
};

test('over the embedded suite, which crashes, as the bot does', async () => {
  const suite = await startSuite();
  toClose.push(suite.close);
  await expectAnswers(suite.origin, async (bot) => {
    await Bun.sleep(500);
    await suite.kill();
    await suite.start();
    await bot.crash();
    await Bun.sleep(200);
    bot.start();
  });
});

describeWith(['postgres', 'redis', 'nginx', 'faults'], 'over two replicas behind nginx', () => {
  test('of which one is killed, as Redis and the bot are', async () => {
    const [database, redis] = await Promise.all([startPostgres(), startRedis()]);
    toClose.push(() => database.close(), redis.close);
    const env = { DATABASE_URL: database.url, REDIS_URL: redis.url, LOG_LEVEL: 'error' };
    const replicas = await Promise.all([startServiceProcess('chat', env), startServiceProcess('chat', env)]);
    toClose.push(...replicas.map(({ close }) => close));
    const [chat = 0, other = 0] = replicas.map(({ url }) => Number(new URL(url).port));
    const nginx = await startNginx({
      ports: { ...perService(() => NO_PORT), chat },
      change: (text) =>
        text.replace(`server 127.0.0.1:${chat} max_fails=0;`, `$& server 127.0.0.1:${other} max_fails=0;`),
    });
    toClose.push(nginx.close);
    await expectAnswers(nginx.url, async (bot) => {
      await Bun.sleep(500);
      await redis.kill();
      await replicas[0]?.kill();
      await Bun.sleep(300);
      await bot.crash();
      bot.start();
      await Promise.all([replicas[0]?.start(), redis.start()]);
      await replicas[1]?.kill();
      await replicas[1]?.start();
    });
  });
});
