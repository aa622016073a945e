import { afterAll, beforeAll, expect, test } from 'bun:test';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWith } from '@parley/testing/servers/servers';
import { eventually } from '@parley/testing/time/eventually';
import { publicRoutes } from '../../dev/gateway-routes.examples.ts';
import { perService, type ServiceName, serviceNames, services } from '../../services.ts';
import { docker, newProject } from './docker.ts';

/** Stands for every service: answers with the requested service, path and headers. */
const echo = `
  for (const [service, port] of Object.entries(JSON.parse(process.env.PORTS)))
    Bun.serve({
      port,
      async fetch(request, server) {
        if (server.upgrade(request)) return;
        const path = request.url.slice(request.url.indexOf('/', 8));
        const body = await request.text();
        const echoed = { service, path, length: body.length, headers: Object.fromEntries(request.headers) };
        return Response.json(echoed, { headers: { 'parley-page': '1' } });
      },
      websocket: { message: (ws, frame) => ws.send(service + ' ' + frame) },
    });
`;

interface Echoed {
  readonly service: ServiceName;
  readonly path: string;
  readonly length: number;
  readonly headers: Record<string, string>;
}

const folder = join(import.meta.dir, '../../deploy');
const id = newProject();
const label = ['--label', `com.docker.compose.project=${id}`];

/** Starts nginx with the options of `compose.yml`. */
const startGateway = (name: string, mounts: readonly string[] = []): Promise<string> => {
  const confined = ['--user', '101:101', '--read-only', '--cap-drop', 'ALL', '--tmpfs', '/tmp:mode=1777'];
  const volumes = [`${folder}:/etc/parley:ro`, ...mounts].flatMap((mount) => ['-v', mount]);
  const options = [...label, '--name', name, '--network', id, '-p', '127.0.0.1::8080', ...confined, ...volumes];
  const command = ['-c', '/etc/parley/nginx.conf', '-g', 'daemon off;'];
  return docker(['run', '-d', ...options, '--entrypoint', 'nginx', 'nginx:1.30-alpine', ...command]);
};

describeWith(['docker'], 'nginx, as deployed', () => {
  let origin = '';
  const ask = async (path: string, init?: RequestInit) => (await fetch(origin + path, init)).json() as Promise<Echoed>;

  beforeAll(async () => {
    const ports = perService((name) => services[name].port);
    await docker(['network', 'create', ...label, id]);
    const names = serviceNames.flatMap((name) => ['--network-alias', name]);
    const options = [
      ...label,
      '--name',
      `${id}-services`,
      '--network',
      id,
      ...names,
      '-e',
      `PORTS=${JSON.stringify(ports)}`,
    ];
    await docker(['run', '-d', ...options, 'oven/bun:1.4.5', 'bun', '-e', echo]);
    await startGateway(`${id}-gateway`);
    origin = `http://${await docker(['port', `${id}-gateway`, '8080'])}`;
    await eventually(async () => expect((await ask('/')).service).toBe('web'));
  });

  afterAll(async () => {
    await docker(['rm', '-f', `${id}-gateway`, `${id}-tls`, `${id}-services`], { mayFail: true });
    await docker(['network', 'rm', id]);
  });

  test('sends every public path where the table of routes says, encoded as it came', async () => {
    for (const { path, service, becomes } of publicRoutes)
      expect(await ask(`${path}?limit=5&q=%2F`)).toMatchObject({ service, path: `${becomes}?limit=5&q=%2F` });
  });

  test('keeps an encoded slash in an id', async () => {
    expect((await ask('/api/presence/a%2Fb/heartbeat')).path).toBe('/presence/a%2Fb/heartbeat');
  });

  test('hands out nothing that is for operators, however the path is written', async () => {
    for (const path of [
      '/metrics',
      '/ready',
      '/api/chat/metrics',
      '/api/files/ready',
      '/api/chat/%6detrics',
      '/api/chat//metrics',
      '/api/chat/rooms/..%2Fmetrics',
    ])
      expect((await fetch(origin + path)).status).toBe(404);
  });

  test('passes sockets on', async () => {
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/ws/general/alice`);
    socket.onopen = () => socket.send('hello');
    const answer = await new Promise((resolve) => {
      socket.onmessage = ({ data }) => resolve(data);
    });
    expect(answer).toBe('chat hello');
    socket.close();
  });

  test('passes bodies above the file limit on, and refuses far larger ones in words', async () => {
    const body = new Uint8Array(11 * 1_024 * 1_024);
    expect((await ask('/api/files/upload', { method: 'POST', body })).length).toBe(body.length);
    const tooLarge = await fetch(`${origin}/api/files/upload`, {
      method: 'POST',
      body: new Uint8Array(65 * 1_024 * 1_024),
    });
    expect(tooLarge.status).toBe(413);
    expect(await tooLarge.json()).toMatchObject({ code: 'too_large' });
  });

  test('says who asks, and gives each request an id', async () => {
    const response = await fetch(`${origin}/api/chat/rooms`, { headers: { 'x-request-id': 'r-1' } });
    const { headers } = (await response.json()) as Echoed;
    expect(headers).toMatchObject({ 'x-request-id': 'r-1', 'x-forwarded-proto': 'http', host: new URL(origin).host });
    expect(headers['x-forwarded-for']).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
    expect(response.headers.get('x-request-id')).toBe('r-1');
    expect((await fetch(origin)).headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'SAMEORIGIN',
      'referrer-policy': 'strict-origin-when-cross-origin',
    });
  });

  test('lets nothing but what web answers pass for a page', async () => {
    for (const { path, service } of publicRoutes) {
      const mark = (await fetch(origin + path)).headers.get('parley-page');
      expect([path, mark]).toEqual([path, service === 'web' ? '1' : null]);
    }
  });

  test('limits how often one address signs in, and nothing else', async () => {
    const statuses = async (path: string) =>
      Promise.all(Array.from({ length: 30 }, async () => (await fetch(origin + path, { method: 'POST' })).status));
    expect(await statuses('/sign-in')).toContain(429);
    expect(await statuses('/rooms/general/messages')).not.toContain(429);
  });

  test('speaks HTTP/2 with a certificate given by path, and sends plain HTTP there', async () => {
    const certificates = mkdtempSync(join(tmpdir(), 'parley-tls-'));
    const [certificate, key] = [join(certificates, 'certificate.pem'), join(certificates, 'key.pem')];
    const make = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', '/CN=localhost'];
    expect(Bun.spawnSync(['openssl', ...make, '-out', certificate, '-keyout', key]).exitCode).toBe(0);
    // Readable for the user that nginx runs as.
    for (const path of [certificates, certificate, key]) chmodSync(path, 0o755);
    const published = join(certificates, 'published.conf');
    writeFileSync(published, 'server_name localhost;\nset $published_port ":8443";\n');
    const mounts = [
      `${folder}/nginx.listen.tls.conf:/etc/parley/nginx.listen.conf:ro`,
      `${folder}/nginx.foreign.tls.conf:/etc/parley/nginx.foreign.conf:ro`,
      `${published}:/tmp/nginx.published.conf:ro`,
      `${certificate}:/etc/nginx/tls/certificate.pem:ro`,
      `${key}:/etc/nginx/tls/key.pem:ro`,
    ];
    await startGateway(`${id}-tls`, mounts);
    const ask = (url: string) => {
      const curl = ['curl', '-k', '-sS', '-o', '/dev/null', '-w', '%{http_version} %{http_code} %{redirect_url}', url];
      return docker(['exec', `${id}-tls`, ...curl]);
    };
    await eventually(async () => expect(await ask('https://localhost:8443/api/chat/rooms')).toBe('2 200'));
    expect(await ask('http://localhost:8080/rooms?a=b')).toBe('1.1 301 https://localhost:8443/rooms?a=b');
    await docker(['rm', '-f', `${id}-tls`]);
    rmSync(certificates, { recursive: true });
  });

  test('answers 502 in words while every replica is away', async () => {
    await docker(['stop', '-t', '1', `${id}-services`]);
    const response = await fetch(`${origin}/api/chat/rooms`);
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({ code: 'service_away' });
  });
});
