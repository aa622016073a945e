/** `docs/operating.md` on HTTPS, `compose.tls.yml` and the files that it mounts agree. */
import { expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { YAML } from 'bun';

const root = join(import.meta.dir, '..');
const read = (path: string): Promise<string> => Bun.file(join(root, path)).text();

interface Container {
  readonly entrypoint?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
}

const { gateway = {}, web = {} } = (
  YAML.parse(await read('compose.tls.yml')) as { services: Readonly<Record<string, Container>> }
).services;

/** The lines of the page that go into `.env`. */
const documented = async (): Promise<Record<string, string>> => {
  const block = /```sh\n(\s*COMPOSE_FILE=[^`]+)```/.exec(await read('docs/operating.md'))?.[1] ?? '';
  return Object.fromEntries(
    [...block.matchAll(/^\s*(\w+)=(\S+)$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
};

test('the page sets every variable that compose.tls.yml asks for, and no other than Compose reads', async () => {
  const { COMPOSE_FILE = '', ...variables } = await documented();
  const files = COMPOSE_FILE.split(':');
  expect(files).toEqual(['compose.yml', 'compose.tls.yml']);
  const text = (await Promise.all(files.map(read))).join('\n');
  const required = [...text.matchAll(/\$\{(\w+):\?/g)].map(([, name = '']) => name);
  expect(required).not.toBeEmpty();
  expect(required.filter((name) => !(name in variables))).toEqual([]);
  for (const name of Object.keys(variables)) expect([name, text.includes(`\${${name}:`)]).toEqual([name, true]);
});

test('.env.example has the variables of HTTPS, too', async () => {
  const example = await read('.env.example');
  const names = [...(await read('compose.tls.yml')).matchAll(/\$\{(\w+):/g)].map(([, name = '']) => name);
  for (const name of ['COMPOSE_FILE', ...names]) expect(example).toMatch(new RegExp(`^#?${name}=`, 'm'));
  expect(example).toContain(`#COMPOSE_FILE=${(await documented()).COMPOSE_FILE}\n`);
});

test('what is mounted exists, at a path that nginx reads', async () => {
  const conf = await read('deploy/nginx.conf');
  const tls = await Promise.all(['deploy/nginx.listen.tls.conf', 'deploy/nginx.foreign.tls.conf'].map(read));
  for (const volume of gateway.volumes ?? []) {
    const [, from = '', to = ''] = /^(.+?):(\/[^:]+):ro$/.exec(volume.replace(/\$\{(\w+):\?[^}]*\}/, '$1')) ?? [];
    if (from.startsWith('./')) expect([from, existsSync(join(root, from))]).toEqual([from, true]);
    const name = to.startsWith('/etc/parley/') ? `include ${to.slice('/etc/parley/'.length)};` : `${to};`;
    expect([to, [conf, ...tls].some((text) => text.includes(name))]).toEqual([to, true]);
  }
  expect(gateway.volumes).toHaveLength(4);
});

test('nginx starts by a script that knows the name and the published port', async () => {
  const [shell, script = ''] = gateway.entrypoint ?? [];
  expect(shell).toBe('sh');
  const text = await read(script.replace('/etc/parley/', 'deploy/'));
  for (const name of Object.keys(gateway.environment ?? {})) expect(text).toContain(`$${name}`);
  expect(gateway.ports).toEqual([`\${GATEWAY_BIND:-127.0.0.1}:\${GATEWAY_TLS_PORT:-443}:8443`]);
  expect(gateway.environment?.GATEWAY_TLS_PORT).toBe(`\${GATEWAY_TLS_PORT:-443}`);
  expect(await read('deploy/nginx.listen.tls.conf')).toContain('listen 8443 ssl;');
});

test('cookies go over HTTPS only', () => {
  expect(web.environment).toEqual({ COOKIE_SECURE: 'true' });
});
