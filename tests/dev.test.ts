import { afterAll, afterEach, describe, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerFrame } from '@parley/client/api/frames';
import { freePort, processTree } from '@parley/testing/servers/programs';
import { type EmbeddedOptions, type EmbeddedSuite, startEmbedded } from '../dev/embedded.ts';
import { apis } from '../services.ts';

const root = join(import.meta.dir, '..');
const dataFolder = mkdtempSync(join(tmpdir(), 'parley-dev-'));
const running: EmbeddedSuite[] = [];

afterEach(async () => {
  for (const suite of running.splice(0)) await suite.stop();
});

afterAll(() => rmSync(dataFolder, { recursive: true, force: true }));

const start = async (options: EmbeddedOptions = {}): Promise<EmbeddedSuite> => {
  const suite = await startEmbedded({ ...options, env: { DATA_DIR: dataFolder, ...options.env } });
  running.push(suite);
  return suite;
};

/** The error output of a suite that doesn't start. */
const faultOf = (options: EmbeddedOptions): Promise<string> =>
  start(options).then(
    () => 'it started',
    (error: Error) => error.message,
  );

describe('bun run dev', () => {
  test('says where everything is, and keeps what was said across restarts', async () => {
    const first = await start();
    const said = await fetch(`${first.origin}/api/chat/rooms/general/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user_id: 'alice', content: 'still here tomorrow' }),
    });
    expect(said.status).toBe(201);
    const processes = processTree(first.pid);
    expect(processes.length).toBeGreaterThan(1);
    expect(await first.stop()).toBe(0);
    for (const pid of processes) expect(existsSync(`/proc/${pid}`)).toBe(false);

    const second = await start();
    const history = await fetch(`${second.origin}/api/chat/rooms/general/messages`);
    expect(await history.json()).toContainEqual(expect.objectContaining({ content: 'still here tomorrow' }));
  });

  test('carries sockets through its one origin, with the docs of every service', async () => {
    const suite = await start();
    const docs = Object.entries(suite.places).filter(([name]) => name.endsWith(' API'));
    expect(docs.map(([name]) => name)).toEqual(apis.map(([name]) => `${name} API`));
    expect(await (await fetch(suite.places.page ?? '')).text()).toContain('<html');
    for (const [, address] of docs) {
      expect((await fetch(address)).status).toBe(200);
      expect((await fetch(`${address}/swagger-ui-bundle.js`, { method: 'HEAD' })).status).toBe(200);
      expect((await fetch(new URL('openapi.json', address))).status).toBe(200);
    }
    const socket = new WebSocket(`${suite.origin.replace('http', 'ws')}/ws/general/alice?username=alice`);
    const heard = new Promise((resolve) => {
      socket.onmessage = ({ data }) => {
        const event: ServerFrame = JSON.parse(String(data));
        if (event.type === 'message') resolve(event);
      };
    });
    socket.onopen = () => socket.send(JSON.stringify({ type: 'message', content: 'hello' }));
    expect(await heard).toMatchObject({ user_id: 'alice', content: 'hello' });
    const closed = new Promise<number>((resolve) => {
      socket.onclose = ({ code }) => resolve(code);
    });
    expect(await suite.stop()).toBe(0);
    expect(await closed).toBe(1012);
  });

  test('names a port that another program has, before anything is opened', async () => {
    const other = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data: () => undefined } });
    const folder = join(dataFolder, 'never');
    const fault = await faultOf({ env: { PRESENCE_PORT: String(other.port), DATA_DIR: folder } });
    other.stop(true);
    expect(fault).toContain(`exit code 1: presence can't listen on 127.0.0.1:${other.port}`);
    expect(fault).toContain('choose another port by PRESENCE_PORT');
    expect(existsSync(folder)).toBe(false);
  });

  test('says in one line that another one has the data, and how to go on', async () => {
    await start();
    const fault = await faultOf({});
    expect(fault).toMatch(
      /exit code 1: The embedded database in .* is in use by process \d+: stop it, or set DATA_DIR to/,
    );
    expect(fault.trim().split('\n')).toHaveLength(1);
  });

  test('names a variable that is wrong, and a service that there is not', async () => {
    expect(await faultOf({ env: { CHAT_PORT: 'many' } })).toContain('exit code 1: The configuration has a fault');
    expect(await faultOf({ services: ['shop'] })).toContain('There is no service shop');
  });

  test('runs one service alone, on the port that PORT says', async () => {
    const port = freePort();
    const suite = await start({ services: ['chat'], env: { PORT: String(port) }, cwd: join(root, 'chat') });
    expect(suite.places).toMatchObject({ 'chat API': `http://localhost:${port}/docs` });
    expect((await fetch(`http://127.0.0.1:${port}/rooms`)).status).toBe(200);
  });
});
