/** The examples run as programs against a suite. The bot's test is in tests/exactly-once. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { join } from 'node:path';
import { createParley, type Parley } from '@parley/client';
import { eventually } from '@parley/testing/time/eventually';
import { type EmbeddedSuite, startEmbedded } from '../../dev/embedded.ts';

let suite: EmbeddedSuite;
let parley: Parley;
beforeAll(async () => {
  suite = await startEmbedded();
  parley = createParley({ baseUrl: suite.origin });
});
afterAll(() => suite.stop());

test('the terminal shows the history and new messages, sends a line, and lists who is online', async () => {
  await parley.chat.sendMessage({ room_id: 'general', user_id: 'bob', username: 'Bob', content: 'before' });
  await parley.presence.sendHeartbeat({ user_id: 'bob', username: 'Bob' });
  const child = Bun.spawn([process.execPath, join(import.meta.dir, 'terminal.ts'), 'ada', 'general'], {
    env: { ...process.env, PARLEY_URL: suite.origin },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let shown = '';
  const reading = (async () => {
    for await (const bytes of child.stdout) shown += new TextDecoder().decode(bytes);
  })();
  const shows = (text: string) => eventually(() => expect(shown).toContain(text));

  await shows('- live');
  expect(shown).toContain('Bob: before');
  child.stdin.write('Hello from a terminal\n/who\n');
  child.stdin.flush();
  await shows('ada: Hello from a terminal');
  await shows('online: ');
  expect(shown).toContain('Bob');
  await parley.chat.sendMessage({ room_id: 'general', user_id: 'bob', content: 'red \u001b[31m text' });
  await shows('red [31m text');
  child.stdin.end();
  expect(await child.exited).toBe(0);
  await reading;
  const said = await parley.chat.listMessages({ room_id: 'general', limit: 5 });
  expect(said.map(({ content }) => content)).toContain('Hello from a terminal');
});
