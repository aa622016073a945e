/**
 * A bot that repeats what follows `!say`. Run it by `bun client/examples/bot.ts general`.
 * It answers each message once, in order, from the beginning of the room, over its own crashes: it keeps how far it has come.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { joinRoom } from '@parley/client';

const { PARLEY_URL: baseUrl = 'http://localhost:8080', PARLEY_TOKEN: token, CURSOR_FILE = 'bot.cursor' } = process.env;
const since = existsSync(CURSOR_FILE) ? Number(readFileSync(CURSOR_FILE, 'utf8')) : 0;
const bot = joinRoom({ baseUrl, token, since, room: process.argv[2] ?? 'general', user: 'echo', username: 'Echo' });

bot.on('message', async ({ id, seq, user_id, content }) => {
  if (user_id === 'echo' || !content.startsWith('!say ')) return;
  // The id of the question is the client_id of the answer: given again after a crash, it is the same answer.
  await bot.send({ content: content.slice(5), client_id: id }).catch((error: unknown) => {
    if (bot.status.state === 'ended') throw error;
  });
  writeFileSync(CURSOR_FILE, String(seq));
});
bot.on('state', ({ state, error }) => process.stdout.write(`${error?.detail ?? state}\n`));
