/** The package as it would be published: packed, installed by itself into an empty folder, used by Node, Bun and the TypeScript compiler. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newRoom } from '@parley/chat/testing/http';
import { startTestChat, type TestChat } from '@parley/chat/testing/server';
import { describeWith } from '@parley/testing/servers/servers';
import { $ } from 'bun';
import { surface, surfaceFile } from '../docs/client-surface.ts';
import manifest from './package.json';

const root = join(import.meta.dir, '..');
const folder = mkdtempSync(join(tmpdir(), 'parley-package-'));
const installed = join(folder, 'node_modules', '@parley', 'client');
let chat: TestChat;

beforeAll(async () => {
  mkdirSync(installed, { recursive: true });
  await $`bun pm pack --filename ${join(folder, 'client.tgz')}`.cwd(import.meta.dir).quiet();
  await $`tar -xzf ${join(folder, 'client.tgz')} --strip-components=1 -C ${installed}`.quiet();
  await Bun.write(join(folder, 'package.json'), '{ "type": "module" }');
  chat = await startTestChat();
});

afterAll(async () => {
  await chat.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('the package has every file that its manifest names, and no file of its tests', async () => {
  const files = readdirSync(installed, { recursive: true }).map(String);
  expect(files).toEqual(
    expect.arrayContaining(['LICENSE', 'README.md', 'dist/index.js', 'index.ts', 'api/chat.ts', 'examples/bot.ts']),
  );
  expect(files.filter((name) => /test|surface|tsconfig/.test(name))).toEqual([]);
  const targets = Object.entries(manifest.exports).flatMap(([name, target]) =>
    typeof target === 'string' || name.includes('*') ? [] : Object.values(target),
  );
  expect(targets.length).toBeGreaterThan(20);
  for (const target of targets) expect(files).toContain(target.slice(2));
  const { dependencies, devDependencies, peerDependencies } = await Bun.file(join(installed, 'package.json')).json();
  expect([dependencies, devDependencies, peerDependencies]).toEqual([undefined, undefined, undefined]);
});

/** A program that imports only the package. */
const program = `
import { createParley, joinRoom, ParleyError } from '@parley/client';
import { createHttp } from '@parley/client/http';
import { getRoom } from '@parley/client/api/chat';

declare const process: { readonly argv: string[] };
const [url = '', room = ''] = process.argv.slice(2);
const parley = createParley({ urls: { chat: url } });
const there = parley.joinRoom({ room, user: 'ada', username: 'Ada' });
const seen: string[] = [];
const twice = new Promise<void>((resolve) => {
  there.on('message', ({ content }) => {
    if (seen.push(content) === 2) resolve();
  });
});
const { seq } = await there.send('by socket');
await parley.chat.sendMessage({ room_id: room, user_id: 'ada', content: 'by HTTP' });
await twice;
there.close();
const nowhere = joinRoom({ urls: { chat: url }, room: 'nowhere', user: 'ada', since: 0 });
const code: string = await nowhere.send('lost').then(() => 'stored', (error: ParleyError) => error.code);
const { last_seq } = await createHttp({ urls: { chat: url } })(getRoom, { room_id: room });
console.log(JSON.stringify({ seen, seq, code, last_seq }));
`;

const expected = { seen: ['by socket', 'by HTTP'], seq: 1, code: 'unknown_room', last_seq: 2 };

describeWith(['node'], 'in Node', () => {
  test('it uses a chat by the fetch and WebSocket of Node, and its program ends by itself', async () => {
    const room = await newRoom(chat);
    const { code } = await Bun.build({
      entrypoints: [await written('program.ts')],
      packages: 'external',
      target: 'node',
    }).then(async ({ outputs }) => ({ code: await outputs[0]?.text() }));
    await Bun.write(join(folder, 'program.js'), code ?? '');
    // Before Node 22 `WebSocket` was behind a flag.
    const version = Number((await $`node -p ${'process.versions.node.split(".")[0]'}`.text()).trim());
    const options = version < 22 ? ['--experimental-websocket'] : [];
    const answer = await $`node ${options} program.js ${chat.url} ${room}`.cwd(folder).text();
    expect(JSON.parse(answer)).toEqual(expected);
  });
});

test('in Bun it uses a chat as well', async () => {
  const room = await newRoom(chat);
  await written('program.ts');
  const answer = await $`${process.execPath} program.ts ${chat.url} ${room}`.cwd(folder).text();
  expect(JSON.parse(answer)).toEqual(expected);
});

const written = async (name: string): Promise<string> => {
  const path = join(folder, name);
  await Bun.write(path, program);
  return path;
};

/** Names that the snippets of the README use without declaring them. */
const around = `
declare const token: string;
declare const room: import('@parley/client').RoomConnection;
declare function update(id: string, content: string): void;
declare function greet(username: string): void;
declare function show(text: string): void;
`;

/** Each snippet of the README as a file of its own. */
const writeSnippets = async (): Promise<string[]> => {
  const readme = await Bun.file(join(installed, 'README.md')).text();
  const snippets = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code);
  expect(snippets.length).toBeGreaterThan(3);
  await Bun.write(join(folder, 'around.d.ts'), around);
  for (const [index, code] of snippets.entries())
    await Bun.write(join(folder, `snippet-${index}.ts`), `${code}\nexport {};`);
  return ['around.d.ts', ...snippets.map((_, index) => `snippet-${index}.ts`)];
};

test.each(['nodenext', 'bundler'])(
  'its types and the README’s snippets compile where modules resolve as %s',
  async (resolution) => {
    await written('program.ts');
    const files = ['program.ts', ...(await writeSnippets())];
    const options = {
      module: resolution === 'bundler' ? 'preserve' : resolution,
      moduleResolution: resolution,
      target: 'ES2023',
      lib: ['ES2023', 'DOM', 'DOM.Iterable'],
      types: [],
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      noEmit: true,
      skipLibCheck: false,
    };
    await Bun.write(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files }));
    const { exitCode, stdout } = await $`${join(root, 'node_modules/.bin/tsc')} -p ${folder}`.nothrow().quiet();
    expect([exitCode, stdout.toString()]).toEqual([0, '']);
  },
);

test('surface.txt has the declared names and signatures: bun run docs rewrites it', async () => {
  const declared = await surface();
  expect(declared).toContain('joinRoom');
  expect(await Bun.file(surfaceFile).text()).toBe(declared);
});
