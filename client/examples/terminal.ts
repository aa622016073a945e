/**
 * A chat in a terminal: `bun client/examples/terminal.ts ada general`. Each line that you type is sent, and shown when it is stored.
 * `/who` shows who is online, Ctrl-D leaves.
 */
import { createInterface } from 'node:readline';
import { createParley } from '@parley/client';

const { PARLEY_URL: baseUrl = 'http://localhost:8080', PARLEY_TOKEN: token } = process.env;
const [user = 'guest', room = 'general'] = process.argv.slice(2);
const parley = createParley({ baseUrl, token });
const { isTTY } = process.stdout;
const terminal = createInterface({ input: process.stdin, output: process.stdout, terminal: isTTY });

/** Prints above the line that is being typed. Control characters in messages are removed, since a terminal would obey them. */
const show = (text: string): void => {
  process.stdout.write(`${isTTY ? '\r\x1b[K' : ''}${text.replace(/[^\n\P{Cc}]/gu, '').replaceAll('\n', '\n  ')}\n`);
  if (isTTY) terminal.prompt(true);
};
const showError = (error: unknown): void => show(`! ${error instanceof Error ? error.message : error}`);
const showMessage = ({ username, content }: { username: string; content: string }): void =>
  show(`${username}: ${content}`);

const history = await parley.chat.listMessages({ room_id: room, limit: 20 });
for (const message of history) showMessage(message);
const here = parley.joinRoom({ room, user, username: user, since: Math.max(0, ...history.map(({ seq }) => seq)) });

here.on('message', showMessage);
here.on('message_edited', (message) => showMessage({ ...message, username: `${message.username} (edited)` }));
here.on('user_joined', ({ username }) => show(`- ${username} is here`));
here.on('user_left', ({ username }) => show(`- ${username} has left`));
here.on('state', ({ state, error }) => {
  show(`- ${state}`);
  if (error && error.code !== 'closed') showError(error);
});

const showOnline = async (): Promise<void> => {
  const people = await parley.presence.listOnline({ limit: 50 });
  show(`- online: ${people.map(({ username }) => username).join(', ')}`);
};

terminal.on('line', (line) => {
  // Erases the typed line: the message is printed when it is stored.
  if (isTTY) process.stdout.write('\x1b[A\x1b[K');
  if (line === '/who') showOnline().catch(showError);
  else if (line.trim() !== '') here.send(line).catch(showError);
});
terminal.on('close', () => here.close());
