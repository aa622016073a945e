/** The example bot answers every question once and in order, while the servers behind it, and the bot itself, are killed. */
import { afterEach, expect, test } from 'bun:test';
import { resolve } from 'node:path';
import { joinRoom, type RoomConnection } from '@parley/client';
import { newFolder } from '@parley/testing/run/run-folder';
import { startNginx } from '@parley/testing/servers/nginx';
import { describeWith, startPostgres, startRedis } from '@parley/testing/servers/servers';
import { startServiceProcess } from '@parley/testing/servers/service';
import { eventually } from '@parley/testing/time/eventually';
import { perService } from '../../services.ts';
import { startSuite } from '../browser/suite.ts';

const BOT = resolve(import.meta.dir, '../../client/examples/bot.ts');
const ROOM = 'general';
const QUESTIONS = 150;
const ASK_EVERY_MS = 20;
/** Nothing answers there. */
const NO_PORT = 9;

const toClose: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
});

interface Bot {
  /** Kills the bot. `start` starts it again with its stored state. */
  crash(): Promise<void>;
  start(): void;
}

const startBot = (origin: string): Bot => {
  const folder = newFolder('bot');
  let child: Bun.Subprocess;
  const bot = {
    start: () => {
      child = Bun.spawn([process.execPath, BOT, ROOM], {
        cwd: folder,
        env: { ...process.env, PARLEY_URL: origin },
        stdio: ['ignore', 'ignore', 'inherit'],
      });
    },
    crash: async () => {
      child.kill('SIGKILL');
      await child.exited;
    },
  };
  bot.start();
  toClose.push(bot.crash);
  return bot;
};

interface Asker {
  readonly room: RoomConnection;
  /** The messages of the bot. */
  readonly answers: string[];
  readonly breaks: () => number;
}

const startAsker = (origin: string): Asker => {
  const room = joinRoom({ baseUrl: origin, room: ROOM, user: 'ada', since: 0, backoff: { maxMs: 500 } });
  toClose.push(() => room.close());
  const answers: string[] = [];
  let breaks = 0;
  room.on('message', ({ user_id, content }) => {
    if (user_id === 'echo') answers.push(content);
  });
  room.on('state', ({ state }) => {
    if (state === 'waiting') breaks += 1;
  });
  return { room, answers, breaks: () => breaks };
};

/** @param disturb kills and restarts servers while questions are asked */
const expectAnswers = async (origin: string, disturb: (bot: Bot) => Promise<void>): Promise<void> => {
  const bot = startBot(origin);
  const { room, answers, breaks } = startAsker(origin);
  const texts = Array.from({ length: QUESTIONS }, (_, index) => `answer ${index}`);
  const disturbed = disturb(bot);
  const asked: Promise<unknown>[] = [];
  for (const text of texts) {
    asked.push(room.send(`!say ${text}`));
    await Bun.sleep(ASK_EVERY_MS);
  }
  await disturbed;
  await Promise.all(asked);
  await eventually(() => expect(answers.length).toBeGreaterThanOrEqual(QUESTIONS), { timeoutMs: 60_000 });
  expect(answers).toEqual(texts);
  // The faults had an effect.
  expect(breaks()).toBeGreaterThan(0);
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
    toClose.push(database.close, redis.close);
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
