import { afterAll, beforeAll, expect, test } from 'bun:test';
import { join } from 'node:path';
import { eventually } from '@parley/kit/testing/eventually';
import { describeWith } from '@parley/kit/testing/servers';
import { publicRoutes } from '../../dev/gateway-routes.examples.ts';
import { defaultPorts, type ServiceName, serviceNames } from '../../dev/services.ts';
import { docker } from './docker.ts';

/** Stands for every service: answers with which one was asked, and for what. */
const echo = `
  for (const [service, port] of Object.entries(JSON.parse(process.env.PORTS)))
    Bun.serve({
      port,
      async fetch(request, server) {
        if (server.upgrade(request)) return;
        const path = request.url.slice(request.url.indexOf('/', 8));
        const body = await request.text();
        return Response.json({ service, path, length: body.length, headers: Object.fromEntries(request.headers) });
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
const id = `parley-test-${crypto.randomUUID().slice(0, 8)}`;

describeWith(['docker'], 'nginx, as deployed', () => {
  let origin = '';
  const ask = async (path: string, init?: RequestInit) => (await fetch(origin + path, init)).json() as Promise<Echoed>;

  beforeAll(async () => {
    const ports = Object.fromEntries(serviceNames.map((name) => [name, defaultPorts[name]]));
    await docker(['network', 'create', id]);
    const names = serviceNames.flatMap((name) => ['--network-alias', name]);
    const services = ['--name', `${id}-services`, '--network', id, ...names, '-e', `PORTS=${JSON.stringify(ports)}`];
    await docker(['run', '-d', ...services, 'oven/bun:1.4.5', 'bun', '-e', echo]);
    const confined = ['--user', '101:101', '--read-only', '--cap-drop', 'ALL', '--tmpfs', '/tmp:mode=1777'];
    const mounts = ['-v', `${folder}:/etc/parley:ro`];
    const command = ['-c', '/etc/parley/nginx.conf', '-g', 'daemon off;'];
    const gateway = ['--name', `${id}-gateway`, '--network', id, '-p', '127.0.0.1::8080', ...confined, ...mounts];
    await docker(['run', '-d', ...gateway, '--entrypoint', 'nginx', 'nginx:1.30-alpine', ...command]);
    origin = `http://${await docker(['port', `${id}-gateway`, '8080'])}`;
    await eventually(async () => expect((await ask('/')).service).toBe('web'), { timeoutMs: 20_000 });
  }, 60_000);

  afterAll(async () => {
    await docker(['rm', '-f', `${id}-gateway`, `${id}-services`]);
    await docker(['network', 'rm', id]);
  }, 30_000);

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
  });

  test('limits how often one address signs in, and nothing else', async () => {
    const statuses = async (path: string) =>
      Promise.all(Array.from({ length: 30 }, async () => (await fetch(origin + path, { method: 'POST' })).status));
    expect(await statuses('/sign-in')).toContain(429);
    expect(await statuses('/rooms/general/messages')).not.toContain(429);
  });

  test('answers 502 in words while every replica is away', async () => {
    await docker(['stop', '-t', '1', `${id}-services`]);
    const response = await fetch(`${origin}/api/chat/rooms`);
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({ code: 'service_away' });
  }, 30_000);
});
