import { afterAll, afterEach, describe, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processTree } from '@parley/kit/testing/programs';
import { hasMain, serviceNames } from '../dev/services.ts';

const root = join(import.meta.dir, '..');
const dataFolder = mkdtempSync(join(tmpdir(), 'parley-dev-'));
const running: Bun.Subprocess[] = [];

afterEach(async () => {
  for (const child of running.splice(0)) {
    child.kill('SIGKILL');
    await child.exited;
  }
});

afterAll(() => rmSync(dataFolder, { recursive: true, force: true }));

const anyPorts = Object.fromEntries(
  ['CHAT', 'PRESENCE', 'NOTIFICATION', 'FILE', 'WEB', 'GATEWAY'].map((name) => [`${name}_PORT`, '0']),
);

const START_TIMEOUT_MS = 30_000;

/** Runs it as a person would, embedded, on free ports. */
const runDev = (args: string[], env: Record<string, string> = {}, cwd = root) => {
  const { PATH = '', HOME = '' } = process.env;
  const child = Bun.spawn([process.execPath, join(root, 'dev.ts'), '--once', ...args], {
    cwd,
    env: { PATH, HOME, DATA_DIR: dataFolder, ...anyPorts, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  return child;
};

/** Reads all it prints, so that it may go on printing; resolves with the table of places when that is complete. */
const readyTable = (child: ReturnType<typeof runDev>): Promise<Record<string, string>> => {
  const { promise, resolve, reject } = Promise.withResolvers<Record<string, string>>();
  const read = async () => {
    const decoder = new TextDecoder();
    let text = '';
    for await (const bytes of child.stdout) {
      text += decoder.decode(bytes, { stream: true });
      if (/Parley is ready[\s\S]*\n {2}data .*\n/.test(text)) resolve(tableIn(text));
    }
    reject(new Error(`It ended before it was ready: ${text}${await new Response(child.stderr).text()}`));
  };
  read().catch(reject);
  return promise;
};

const tableIn = (text: string): Record<string, string> => {
  const rows = [...text.matchAll(/^ {2}(\w[\w ]*?) {2,}(.+)$/gm)];
  return Object.fromEntries(rows.map(([, name = '', where = '']) => [name, where]));
};

const stop = async (child: ReturnType<typeof runDev>): Promise<number> => {
  child.kill('SIGTERM');
  return await child.exited;
};

const originOf = (table: Record<string, string>): string => new URL(table['chat API'] ?? '').origin;

describe('bun run dev', () => {
  test('says where everything is, and keeps what was said across restarts', async () => {
    const first = runDev([]);
    const origin = originOf(await readyTable(first));
    const said = await fetch(`${origin}/api/chat/rooms/general/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user_id: 'alice', content: 'still here tomorrow' }),
    });
    expect(said.status).toBe(201);
    const processes = processTree(first.pid);
    expect(processes.length).toBeGreaterThan(1);
    expect(await stop(first)).toBe(0);
    for (const pid of processes) expect(existsSync(`/proc/${pid}`)).toBe(false);

    const second = runDev([]);
    const again = originOf(await readyTable(second));
    const history = await fetch(`${again}/api/chat/rooms/general/messages`);
    expect(await history.json()).toContainEqual(expect.objectContaining({ content: 'still here tomorrow' }));
    expect(await stop(second)).toBe(0);
  }, 60_000);

  test('carries sockets through its one origin, with the docs of every service', async () => {
    const child = runDev([]);
    const table = await readyTable(child);
    const docs = Object.entries(table).filter(([name]) => name.endsWith(' API'));
    expect(docs).toHaveLength(serviceNames.filter((name) => name !== 'web' && hasMain(name)).length);
    for (const [, address] of docs) {
      expect((await fetch(address)).status).toBe(200);
      expect((await fetch(`${address}/swagger-ui-bundle.js`, { method: 'HEAD' })).status).toBe(200);
      expect((await fetch(new URL('openapi.json', address))).status).toBe(200);
    }
    const socket = new WebSocket(`${originOf(table).replace('http', 'ws')}/ws/general/alice?username=alice`);
    const heard = new Promise((resolve) => {
      socket.onmessage = ({ data }) => {
        const event = JSON.parse(String(data)) as { type: string };
        if (event.type === 'message') resolve(event);
      };
    });
    socket.onopen = () => socket.send(JSON.stringify({ type: 'message', content: 'hello' }));
    expect(await heard).toMatchObject({ user_id: 'alice', content: 'hello' });
    const closed = new Promise<number>((resolve) => {
      socket.onclose = ({ code }) => resolve(code);
    });
    expect(await stop(child)).toBe(0);
    expect(await closed).toBe(1012);
  }, 60_000);

  test(
    'names a port that another program has, before anything is opened',
    async () => {
      const other = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data: () => undefined } });
      const folder = join(dataFolder, 'never');
      const child = runDev([], { PRESENCE_PORT: String(other.port), DATA_DIR: folder });
      expect(await child.exited).toBe(1);
      other.stop(true);
      expect(await new Response(child.stderr).text()).toContain(`presence can't listen on 127.0.0.1:${other.port}`);
      expect(existsSync(folder)).toBe(false);
    },
    START_TIMEOUT_MS,
  );

  test(
    'names a variable that is wrong, and a service that there is not',
    async () => {
      const wrong = runDev([], { CHAT_PORT: 'many' });
      expect(await wrong.exited).toBe(1);
      expect(await new Response(wrong.stderr).text()).toContain('CHAT_PORT: got "many"');
      const unknown = runDev(['shop']);
      expect(await unknown.exited).toBe(1);
      expect(await new Response(unknown.stderr).text()).toContain('There is no service shop');
    },
    START_TIMEOUT_MS,
  );

  test(
    'runs one service alone, on the port that PORT says',
    async () => {
      const held = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data: () => undefined } });
      const { port } = held;
      held.stop(true);
      const child = runDev(['chat'], { PORT: String(port) }, join(root, 'chat'));
      const table = await readyTable(child);
      expect(table).toMatchObject({ 'chat API': `http://localhost:${port}/docs` });
      expect((await fetch(`http://127.0.0.1:${port}/rooms`)).status).toBe(200);
      expect(await stop(child)).toBe(0);
    },
    START_TIMEOUT_MS,
  );
});
