/** The gateway with a certificate, started by `compose.tls.yml` and renewed as docs/operating.md describes. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { freePort } from '@parley/testing/servers/programs';
import { describeWith } from '@parley/testing/servers/servers';
import { eventually } from '@parley/testing/time/eventually';
import { docker, newProject } from './docker.ts';

const NAME = 'chat.example';
const root = join(import.meta.dir, '../..');
const folder = mkdtempSync(join(tmpdir(), 'parley-tls-'));
const port = freePort();
const env = {
  COMPOSE_PROJECT_NAME: newProject(),
  COMPOSE_DISABLE_ENV_FILE: '1',
  COMPOSE_FILE: 'compose.yml:compose.tls.yml',
  TLS_NAME: NAME,
  TLS_CERTIFICATE: join(folder, 'live/fullchain.pem'),
  TLS_KEY: join(folder, 'live/privkey.pem'),
  GATEWAY_PORT: String(freePort()),
  GATEWAY_TLS_PORT: String(port),
};
const compose = (...args: string[]) => docker(['compose', ...args], { cwd: root, env });

/** Issues a new pair into `archive` and points the links of `live` at it, as certbot does. */
const issue = (organization: string): void => {
  const target = join(folder, 'archive', organization);
  mkdirSync(target, { recursive: true });
  mkdirSync(join(folder, 'live'), { recursive: true });
  const [key, certificate] = [join(target, 'key.pem'), join(target, 'certificate.pem')];
  const request = [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    '-subj',
    `/CN=${NAME}/O=${organization}`,
  ];
  const made = Bun.spawnSync(['openssl', ...request, '-keyout', key, '-out', certificate]);
  if (!made.success) throw new Error(made.stderr.toString());
  for (const path of [key, certificate]) chmodSync(path, 0o644);
  for (const [link, path] of [
    [env.TLS_CERTIFICATE, certificate],
    [env.TLS_KEY, key],
  ] as const) {
    rmSync(link, { force: true });
    symlinkSync(path, link);
  }
};

/** The organization in the certificate that is served now. */
const served = (): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, servername: NAME, rejectUnauthorized: false }, () => {
      resolve(String(socket.getPeerCertificate().subject.O));
      socket.destroy();
    });
    socket.on('error', reject);
  });

describeWith(['docker'], 'the gateway with a certificate', () => {
  beforeAll(async () => {
    chmodSync(folder, 0o755);
    issue('First');
    await compose('up', '--detach', '--wait', '--no-deps', 'gateway');
  }, 60_000);

  afterAll(async () => {
    await compose('down', '--volumes', '--timeout', '5');
    rmSync(folder, { recursive: true });
  });

  test('serves a renewed one after the command of docs/operating.md', async () => {
    expect(await served()).toBe('First');
    const page = await Bun.file(join(root, 'docs/operating.md')).text();
    const command = /After a renewal: `docker compose ([^`]+)`/.exec(page)?.[1]?.split(' ') ?? [];
    issue('Second');
    await compose(...command);
    await eventually(async () => expect(await served()).toBe('Second'));
  }, 60_000);
});
