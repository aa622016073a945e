/** The files that list the services and can't import `services.ts` agree with it. */
import { describe, expect, test } from 'bun:test';
import { join, resolve } from 'node:path';
import { YAML } from 'bun';
import root from '../package.json' with { type: 'json' };
import {
  apis,
  GATEWAY_PORT,
  inOrderOfCalls,
  needs,
  perService,
  serviceNames,
  services,
  variablePrefix,
} from '../services.ts';

const ROOT = resolve(import.meta.dir, '..');
const read = (path: string): Promise<string> => Bun.file(join(ROOT, path)).text();

interface Container {
  readonly image: string;
  readonly build?: { readonly context: string; readonly target: string };
  readonly scale?: string;
  readonly networks: readonly string[];
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly depends_on?: Readonly<Record<string, unknown>>;
  readonly ports?: readonly string[];
}

const { services: containers } = YAML.parse(await read('compose.yml')) as {
  services: Readonly<Record<string, Container>>;
};

const containerOf = (name: string): Container => {
  const found = containers[name];
  if (!found) throw new Error(`compose.yml has no ${name}`);
  return found;
};

describe.each(serviceNames)('%s', (name) => {
  const { port, stores, callsInternet } = services[name];
  const prefix = variablePrefix(name);

  test('is a workspace, and a package of the suite', () => {
    expect(root.workspaces).toContain(name);
    expect(root.dependencies).toHaveProperty(`@parley/${name}`, 'workspace:*');
  });

  test('listens on its port unless told otherwise, and reads the addresses of what it needs and calls', async () => {
    const { properties } = await services[name].variables();
    expect(properties.PORT?.default).toBe(port);
    const read = (suffix: RegExp) => Object.keys(properties).filter((variable) => suffix.test(variable));
    expect(read(/^(DATABASE|REDIS)_URL$/).length).toBe(stores.filter((store) => store !== 'objects').length);
    expect(read(/^MINIO_ENDPOINT$/).length).toBe(stores.includes('objects') ? 1 : 0);
    const callable = apis.map(([api]) => `${variablePrefix(api)}_URL`);
    expect(
      Object.keys(properties)
        .filter((variable) => callable.includes(variable))
        .toSorted(),
    ).toEqual(services[name].calls.map((called) => `${variablePrefix(called)}_URL`).toSorted());
  });

  test('has an image of its name in the Dockerfile, on its port', async () => {
    const stages = (await read('Dockerfile')).split(/^(?=FROM )/m);
    const stage = stages.find((text) => text.startsWith(`FROM service AS ${name}\n`));
    expect(stage).toMatch(new RegExp(`^ENV PORT=${port}\\b`, 'm'));
    expect(stage).toContain(`EXPOSE ${port}\n`);
    expect(stage).toContain(`COPY --from=${name}-binary /out/parley /parley`);
    expect(stages.find((text) => text.startsWith(`FROM sources AS ${name}-binary\n`))).toContain(`${name}/main.ts`);
  });

  test('has a container that reaches its stores and no others', () => {
    const { image, build, scale, networks, environment = {} } = containerOf(name);
    expect({ image, build, scale }).toEqual({
      image: `parley/${name}:\${VERSION:-latest}`,
      build: { context: '.', target: name },
      scale: `\${${prefix}_REPLICAS:-1}`,
    });
    expect(networks.toSorted()).toEqual(['services', ...stores, ...(callsInternet ? ['egress'] : [])].toSorted());
    expect('DATABASE_URL' in environment).toBe(needs(name, 'postgres'));
    expect('REDIS_URL' in environment).toBe(needs(name, 'redis'));
    expect('MINIO_ENDPOINT' in environment).toBe(needs(name, 'objects'));
    if (needs(name, 'postgres'))
      expect(environment.DATABASE_URL).toBe(
        `\${${prefix}_DATABASE_URL:-postgres://${name}:\${${prefix}_DB_PASSWORD:-loopback-only}@postgres:5432/${name}}`,
      );
    if (needs(name, 'redis'))
      expect(environment.REDIS_URL).toBe(
        `\${REDIS_URL:-redis://${name}:\${${prefix}_REDIS_PASSWORD:-loopback-only}@redis:6379}`,
      );
    for (const [api] of apis)
      expect(environment).toHaveProperty(`${variablePrefix(api)}_URL`, `http://${api}:${services[api].port}`);
  });

  test('has a user of its own in each of its stores', async () => {
    const passwords = (container: string) => containerOf(container).environment ?? {};
    expect(`${prefix}_DB_PASSWORD` in passwords('postgres')).toBe(needs(name, 'postgres'));
    expect(`${prefix}_REDIS_PASSWORD` in passwords('redis')).toBe(needs(name, 'redis'));
    expect(
      await read('deploy/redis/start.sh').then((text) => text.includes(`user ${name} "$${prefix}_REDIS_PASSWORD"`)),
    ).toBe(needs(name, 'redis'));
  });

  test('is in the README, with its port', async () => {
    expect(await read('README.md')).toContain(`- **${name}** (${port}): `);
  });
});

test('no other container is built here, and the gateway waits for all of these', () => {
  const built = Object.keys(containers).filter((name) => containers[name]?.image.startsWith('parley/'));
  expect(built.toSorted()).toEqual(serviceNames.toSorted());
  expect(Object.keys(containerOf('gateway').depends_on ?? {}).toSorted()).toEqual(serviceNames.toSorted());
});

test('the gateway listens on one port, in its container and on the host', async () => {
  expect(containerOf('gateway').ports).toEqual([
    `\${GATEWAY_BIND:-127.0.0.1}:\${GATEWAY_PORT:-${GATEWAY_PORT}}:${GATEWAY_PORT}`,
  ]);
  for (const file of ['nginx.listen.conf', 'nginx.listen.tls.conf', 'nginx.foreign.tls.conf'])
    expect(await read(`deploy/${file}`)).toMatch(new RegExp(`^\\s*listen ${GATEWAY_PORT}( default_server)?;$`, 'm'));
});

test('nginx’s configuration names no service whose answers it treats like all others', async () => {
  const text = await read('deploy/nginx.conf');
  const code = text.replace(/#.*$/gm, '');
  for (const name of serviceNames)
    expect([name, code.match(new RegExp(`(?:server|upstream|zone) ${name}\\b`))]).toEqual([name, null]);
  expect(code).toContain('include nginx.upstreams.conf;');
  expect(code).toContain('include nginx.routes.conf;');
});

test('Prometheus reads the port that Compose gives to metrics', async () => {
  const { METRICS_PORT } = containerOf('chat').environment ?? {};
  expect(await read('deploy/prometheus/prometheus.yml')).toContain(`port: ${METRICS_PORT},`);
});

test('each service has a port and a prefix of its own, and comes after those that it calls', () => {
  expect(new Set(Object.values(perService((name) => services[name].port))).size).toBe(serviceNames.length);
  expect(new Set(apis.map(([, prefix]) => prefix)).size).toBe(apis.length);
  expect(inOrderOfCalls.toSorted()).toEqual(serviceNames.toSorted());
  for (const name of serviceNames)
    for (const called of services[name].calls)
      expect(inOrderOfCalls.indexOf(called)).toBeLessThan(inOrderOfCalls.indexOf(name));
});

test('the hosted run calls .ci/run and lists nothing itself', async () => {
  const { jobs } = YAML.parse(await read('.github/workflows/ci.yml')) as {
    jobs: Record<string, { steps: { run?: string }[] }>;
  };
  const commands = Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));
  expect(commands).toEqual(['.ci/run']);
});
