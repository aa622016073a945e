/** HTTPS as `compose.tls.yml` configures it: one host name, current protocols only. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { join } from 'node:path';
import { rawRequest } from '@parley/testing/network/raw-http';
import { newFolder } from '@parley/testing/run/run-folder';
import { type Nginx, startNginx } from '@parley/testing/servers/nginx';
import { describeWith } from '@parley/testing/servers/servers';
import { perService } from '../../services.ts';

const NAME = 'chat.example';

describeWith(['nginx'], 'the gateway with a certificate', () => {
  const service = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch: ({ headers }) => Response.json(Object.fromEntries(headers)),
  });
  const folder = newFolder('tls');
  const [certificate, key] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];
  const ports = perService(() => service.port ?? 0);
  let nginx: Nginx;

  beforeAll(async () => {
    const make = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', `/CN=${NAME}`];
    expect(Bun.spawnSync(['openssl', ...make, '-out', certificate, '-keyout', key]).exitCode).toBe(0);
    nginx = await startNginx({ ports, tls: { name: NAME, certificate, key } });
  });
  afterAll(async () => {
    await nginx?.close();
    await service.stop(true);
  });

  /** The result and output of a handshake by OpenSSL's client. */
  const handshake = (...options: string[]) => {
    const command = ['openssl', 's_client', '-connect', `127.0.0.1:${nginx.tlsPort}`, ...options];
    const { exitCode, stdout, stderr } = Bun.spawnSync(command, { stdin: Buffer.from('') });
    return { isShaken: exitCode === 0, text: `${stdout}${stderr}` };
  };
  const ask = (path: string, name = NAME, host = name) =>
    fetch(`https://127.0.0.1:${nginx.tlsPort}${path}`, {
      headers: { host },
      tls: { rejectUnauthorized: false, serverName: name },
    });

  test('answers under its name, and tells browsers to stay with HTTPS', async () => {
    const answer = await ask('/api/chat/rooms');
    expect(await answer.json()).toMatchObject({ host: NAME, 'x-forwarded-proto': 'https' });
    expect(answer.headers.get('strict-transport-security')).toBe('max-age=31536000');
    expect((await ask('/api/chat/nothing')).headers.get('strict-transport-security')).toBe('max-age=31536000');
  });

  test('speaks TLS 1.2 and 1.3 with forward secrecy, and nothing older or weaker', () => {
    for (const version of ['-tls1_2', '-tls1_3'])
      expect(handshake('-servername', NAME, version)).toMatchObject({ isShaken: true });
    expect(handshake('-servername', NAME, '-tls1_2').text).toMatch(/ECDHE-RSA-(AES\d+-GCM|CHACHA20)/);
    const weak = [
      'AES128-SHA',
      'AES256-GCM-SHA384',
      'ECDHE-RSA-AES256-SHA',
      'DES-CBC3-SHA',
      'DHE-RSA-AES128-GCM-SHA256',
    ];
    for (const cipher of weak)
      expect([cipher, handshake('-servername', NAME, '-tls1_2', '-cipher', `${cipher}:@SECLEVEL=0`).isShaken]).toEqual([
        cipher,
        false,
      ]);
    for (const version of ['-tls1', '-tls1_1'])
      expect(handshake('-servername', NAME, version, '-cipher', 'ALL:@SECLEVEL=0').isShaken).toBeFalse();
  });

  test('refuses every other name, in the handshake and in the request', async () => {
    for (const name of ['evil.example', 'www.chat.example', 'localhost']) {
      expect(handshake('-servername', name).isShaken).toBeFalse();
      await expect(ask('/', name)).rejects.toThrow();
      expect((await rawRequest(nginx.port, 'GET /', { host: name })).status).toBe(421);
    }
    expect(handshake('-noservername').isShaken).toBeFalse();
    const misdirected = await ask('/', NAME, 'evil.example');
    expect([misdirected.status, await misdirected.json()]).toMatchObject([421, { code: 'foreign_host' }]);
  });

  test('sends plain HTTP to HTTPS under its own name only', async () => {
    const { status, headers } = await rawRequest(nginx.port, 'GET /rooms?a=b', { host: NAME });
    expect([status, headers.get('location')]).toEqual([301, `https://${NAME}/rooms?a=b`]);
    expect((await rawRequest(nginx.port, 'GET /rooms', { host: 'evil.example' })).headers.get('location')).toBeNull();
  });

  test('sends plain HTTP to the port that HTTPS is published on', async () => {
    const published = await startNginx({ ports, tls: { name: NAME, certificate, key, publishedPort: 8_443 } });
    try {
      for (const host of [NAME, `${NAME}:8080`]) {
        const { status, headers } = await rawRequest(published.port, 'GET /rooms?a=b', { host });
        expect([status, headers.get('location')]).toEqual([301, `https://${NAME}:8443/rooms?a=b`]);
      }
    } finally {
      await published.close();
    }
  });
});
