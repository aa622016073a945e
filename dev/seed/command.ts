/**
 * `bun run seed [room] [--people 30] [--messages 10000] [--seed 1]`: fills a room (`busy`) of the suite at `BASE_URL` (default
 * http://localhost:8080), or, when nothing answers there, of the data that `bun run dev` has (`DATA_DIR`). A second run adds nothing.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ParleyError } from '@parley/client';
import { createIdentity } from '@parley/kit/identity/identity';
import { isSuiteAt } from '../answers.ts';
import { startEmbedded } from '../embedded.ts';
import { fillRoom } from './fill.ts';

const MAX = { people: 200, messages: 100_000, seed: 2 ** 32 - 1 };
const TOKEN_SECONDS = 3_600;
const PROGRESS_EVERY = 1_000;

class UsageError extends Error {}

const wholeNumber = (name: keyof typeof MAX, text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < 1 || value > MAX[name])
    throw new UsageError(`--${name} is “${text}”: give a whole number from 1 to ${MAX[name]}`);
  return value;
};

const readArguments = (args: readonly string[]) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      people: { type: 'string', default: '30' },
      messages: { type: 'string', default: '10000' },
      seed: { type: 'string', default: '1' },
    },
  });
  const [room = 'busy'] = positionals;
  return {
    room,
    people: wholeNumber('people', values.people),
    messages: wholeNumber('messages', values.messages),
    seed: wholeNumber('seed', values.seed),
  };
};

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Fails when BASE_URL is set and doesn't answer, rather than filling another suite by mistake. */
const openTarget = async ({ BASE_URL, AUTH_SECRET = '', DATA_DIR = '.data' }: NodeJS.ProcessEnv) => {
  const origin = BASE_URL || 'http://localhost:8080';
  if (await isSuiteAt(origin)) return { origin, stop: async () => 0 };
  if (BASE_URL) throw new UsageError(`Nothing answers at ${BASE_URL}: start the suite, or leave BASE_URL out`);
  const folder = resolve(DATA_DIR);
  say(`Nothing answers at ${origin}: filling the data in ${folder}, where \`bun run dev\` finds them`);
  return startEmbedded({ env: { DATA_DIR: folder, AUTH_SECRET } });
};

const seed = async (args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> => {
  const conversation = readArguments(args);
  const identity = env.AUTH_SECRET ? createIdentity(env.AUTH_SECRET) : undefined;
  const target = await openTarget(env);
  let next = PROGRESS_EVERY;
  try {
    const added = await fillRoom({
      ...conversation,
      http: { baseUrl: target.origin },
      tokenOf: async ({ userId }) => identity?.sign(userId, TOKEN_SECONDS),
      onProgress: (stored) => {
        if (stored < next) return;
        say(`${stored} of ${conversation.messages} messages`);
        next = (Math.floor(stored / PROGRESS_EVERY) + 1) * PROGRESS_EVERY;
      },
    });
    say(`The room “${conversation.room}” is filled: ${added} of its changes are new`);
  } finally {
    await target.stop();
  }
};

try {
  await seed(process.argv.slice(2), process.env);
} catch (error) {
  const isForPeople = error instanceof UsageError || error instanceof ParleyError || error instanceof TypeError;
  process.stderr.write(`${isForPeople ? error.message : Bun.inspect(error)}\n`);
  process.exitCode = 1;
}
