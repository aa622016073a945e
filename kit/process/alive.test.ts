import { expect, test } from 'bun:test';
import { freePort } from '@parley/testing/servers/programs';
import { isAlive } from './alive.ts';

const ROUNDS = 8;

/** A program that listens on a port and has threads that end slowly; it prints a line once it has both. */
const PROGRAM = `
  const memory = new Uint8Array(100_000_000).fill(1);
  Bun.listen({ hostname: '127.0.0.1', port: Number(process.env.PORT), socket: { data: () => memory } });
  const busy = URL.createObjectURL(new Blob(['for (;;);']));
  for (let thread = 1; thread <= 4; thread += 1) new Worker(busy);
  console.log('ready');
`;

const start = async (port: number) => {
  const env = { ...process.env, PORT: String(port) };
  const child = Bun.spawn([process.execPath, '-e', PROGRAM], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  await child.stdout.getReader().read();
  return child;
};

test('a process that counts as dead has freed its port', async () => {
  for (let round = 1; round <= ROUNDS; round += 1) {
    const port = freePort();
    const child = await start(port);
    expect(isAlive(child.pid)).toBe(true);
    child.kill('SIGKILL');
    while (isAlive(child.pid)) await Bun.sleep(0);
    Bun.listen({ hostname: '127.0.0.1', port, exclusive: true, socket: { data: () => undefined } }).stop(true);
    await child.exited;
  }
});

test('an id that no process has is not alive', () => {
  expect(isAlive(2 ** 22 + 1)).toBe(false);
});
