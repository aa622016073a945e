/**
 * A bot that repeats what follows `!say`. Run it by `bun client/examples/bot.ts general`.
 * It answers each message once, in order, from the beginning of the room, over its own crashes: its cursor is stored in a file.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { joinRoom, type RoomEvents } from '@parley/client';

const { PARLEY_URL: baseUrl = 'http://localhost:8080', PARLEY_TOKEN: token, CURSOR_FILE = 'bot.cursor' } = process.env;
const since = existsSync(CURSOR_FILE) ? Number(readFileSync(CURSOR_FILE, 'utf8')) : 0;
const bot = joinRoom({ baseUrl, token, since, room: process.argv[2] ?? 'general', user: 'echo', username: 'Echo' });

const answer = async ({ id, seq, user_id, content }: RoomEvents['message']): Promise<void> => {
  if (user_id === 'echo' || !content.startsWith('!say ')) return;
  // The id of the question is the client_id of the answer: sent again after a crash, it is the same answer.
  await bot.send({ content: content.slice(5), client_id: id }).catch((error: unknown) => {
    if (bot.status.state === 'ended') throw error;
    process.stderr.write(`Not answered: ${error}\n`);
  });
  writeFileSync(CURSOR_FILE, String(seq));
};

// One answer at a time: the cursor passes a question only when its answer is stored, however many are waiting.
let answered = Promise.resolve();
bot.on('message', (message) => {
  answered = answered.then(() => answer(message));
});
bot.on('state', ({ state, error }) => process.stdout.write(`${error?.detail ?? state}\n`));
