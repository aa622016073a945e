/** Paths for operators are not reachable through a gateway: real services behind both, requested by every spelling of a private path. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningService } from '@parley/kit/process/run';
import { rawRequest } from '@parley/testing/network/raw-http';
import { newEmbeddedUrl } from '@parley/testing/servers/embedded';
import { type Nginx, startNginx } from '@parley/testing/servers/nginx';
import { describeWith } from '@parley/testing/servers/servers';
import { type Gateway, startGateway } from '../../dev/gateway.ts';
import { publicRoutes } from '../../dev/gateway-routes.examples.ts';
import { routeOf } from '../../dev/gateway-routes.ts';
import { apis, perService, serviceNames, services as suite } from '../../services.ts';

const prefixes = ['', ...apis.map(([, prefix]) => prefix)];
const prefixesOfUsers = apis.flatMap(([name, prefix]) => (suite[name].noun === undefined ? [] : [prefix]));
const words = ['metrics', 'ready'];

/** Spellings of a path that a server may read as the same one: by decoding, case folding, resolving dots, merging slashes or truncating. */
const spellingsOf = (prefix: string, word: string): string[] => {
  const encoded = `%${word.charCodeAt(0).toString(16)}${word.slice(1)}`;
  const all = [...word].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join('');
  return [
    `${prefix}/${word}`,
    `${prefix}/${word}/`,
    `${prefix}/${word}//`,
    `${prefix}//${word}`,
    `/${prefix}/${word}`,
    `${prefix}/./${word}`,
    `${prefix}/%2e/${word}`,
    `${prefix}/x/../${word}`,
    `${prefix}/x/%2e%2E/${word}`,
    `${prefix}/rooms/..%2f${word}`,
    `${prefix}/rooms/..%2F..%2f${word}`,
    `${prefix}%2f${word}`,
    `${prefix}/${encoded}`,
    `${prefix}/${all}`,
    `${prefix}/%25${encoded.slice(1)}`,
    `${prefix}/${word.toUpperCase()}`,
    `${prefix}/${word};`,
    `${prefix}/${word};a=b`,
    `${prefix}/;/${word}`,
    `${prefix}/${word}.`,
    `${prefix}/${word}%20`,
    `${prefix}/${word}%00`,
    `${prefix}/${word}?a=b`,
    `${prefix}/${word}#a`,
    `${prefix}\\${word}`,
    `${prefix}/${word}/.`,
    `${prefix}/${word}/x/..`,
    `${prefix}/${word}%2f`,
    `http://localhost${prefix}/${word}`,
    `http://evil.example${prefix}/${word}`,
    `http://localhost${prefix}//${word}`,
  ];
};

const SECRETS = /process_cpu|parley_http_request|"ready":/;

describeWith(['nginx'], 'what is for operators', () => {
  const services: RunningService[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'parley-private-'));
  let nginx: Nginx;
  let gateway: Gateway;

  beforeAll(async () => {
    const env = {
      PORT: '0',
      LOG_LEVEL: 'silent',
      DATABASE_URL: newEmbeddedUrl(),
      REDIS_URL: 'memory:private',
      STORAGE_DIR: folder,
    };
    for (const name of serviceNames) services.push((await suite[name].load())(env));
    await Promise.all(services.map(({ ready }) => ready));
    const portOf = (name: string) => services.find((service) => service.name === name)?.port ?? 0;
    nginx = await startNginx({ ports: perService(portOf) });
    const urls = perService((name) => `http://127.0.0.1:${portOf(name)}`);
    gateway = startGateway({ host: '127.0.0.1', port: 0, services: urls });
  });
  afterAll(async () => {
    await nginx?.close();
    await gateway?.stop();
    await Promise.all(services.map((service) => service.stop()));
    rmSync(folder, { recursive: true });
  });

  test('is there for who asks the service itself', async () => {
    for (const { port } of services)
      expect(await (await fetch(`http://127.0.0.1:${port}/ready`)).json()).toEqual({ ready: true });
  });

  for (const prefix of prefixes)
    for (const word of words)
      test(`${prefix}/${word} is handed out by no gateway, in no spelling`, async () => {
        for (const path of spellingsOf(prefix, word))
          for (const [name, port] of [
            ['nginx', nginx.port],
            ['dev', gateway.port],
          ] as const) {
            const { status, body } = await rawRequest(port, `GET ${path}`);
            expect([name, path, SECRETS.test(body), body.includes('<h1>Status')]).toEqual([name, path, false, false]);
            expect([name, path, status < 500]).toEqual([name, path, true]);
            // Where user ids follow the prefix, `%6detrics` is one of them: the service answers about a user of that name.
            if (!prefixesOfUsers.includes(prefix))
              expect([name, path, status >= 400 || body.includes('<h1>')]).toEqual([name, path, true]);
          }
      });

  test('what chat tells notification of a message is taken from no gateway, in no spelling', async () => {
    const id = '0197b3f6-1111-7000-8000-000000000000';
    const port = services.find(({ name }) => name === 'notification')?.port ?? 0;
    const isTaken = ({ body }: { body: string }) => body.includes('"status":"ok"');
    expect(isTaken(await rawRequest(port, `DELETE /notifications/messages/${id}?seq=1`))).toBe(true);
    const spellings = spellingsOf('/api/notifications/messages', id).filter((path) => !/[?#]/.test(path));
    const others = spellingsOf('/api/notifications', 'messages')
      .filter((path) => !/[?#]/.test(path))
      .map((path) => `${path}/${id}`);
    for (const path of [...spellings, ...others])
      for (const [name, gatewayPort] of [
        ['nginx', nginx.port],
        ['dev', gateway.port],
      ] as const) {
        const answer = await rawRequest(gatewayPort, `DELETE ${path}?seq=1`);
        expect([name, path, isTaken(answer)]).toEqual([name, path, false]);
        expect([name, path, answer.status >= 400 && answer.status < 500]).toEqual([name, path, true]);
      }
  });

  test('while the public routes answer, through each', async () => {
    for (const path of [
      '/',
      '/status',
      '/health',
      '/api/chat/rooms',
      '/api/presence',
      '/api/files/files',
      '/api/notifications/ann',
    ])
      for (const port of [nginx.port, gateway.port])
        for (const each of path === '/' ? [path] : [path, `${path}/`])
          expect([each, (await fetch(`http://127.0.0.1:${port}${each}`)).status]).toEqual([each, 200]);
  });

  test('every documented route of every service has a way in, except what is for operators', async () => {
    for (const [name, prefix] of apis) {
      const { noun } = suite[name];
      const port = services.find((service) => service.name === name)?.port;
      const document = (await (await fetch(`http://127.0.0.1:${port}/openapi.json`)).json()) as {
        paths: Record<string, unknown>;
      };
      for (const path of Object.keys(document.paths)) {
        const example = path.replaceAll(/\{\w+\}/g, '0197b3f6-1111-7000-8000-000000000000');
        const rest = noun && example.startsWith(noun) ? example.slice(noun.length) : example;
        const isPrivate = path === '/ready' || path === '/notifications/messages/{message_id}';
        const expected = isPrivate ? undefined : { service: name, path: example };
        expect([name, path, routeOf(prefix + rest)]).toEqual([name, path, expected]);
      }
    }
    expect(publicRoutes.length).toBeGreaterThan(30);
  });
});
