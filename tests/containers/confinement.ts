/** The rights of the suite's containers, read from running ones. */
import { expect, test } from 'bun:test';
import { S3Client } from 'bun';
import { openBucket } from '../../deploy/bucket.ts';
import { databases } from '../../deploy/compose.ts';
import { isServiceName, perService, serviceNames, services } from '../../services.ts';
import { docker } from './docker.ts';
import type { Stack } from './stack.ts';

interface Inspected {
  readonly Config: { readonly User: string; readonly Labels: Record<string, string> };
  readonly HostConfig: {
    readonly ReadonlyRootfs: boolean;
    readonly CapDrop: string[] | null;
    readonly CapAdd: string[] | null;
    readonly SecurityOpt: string[] | null;
    readonly Privileged: boolean;
    readonly Memory: number;
    readonly RestartPolicy: { readonly Name: string };
  };
  readonly NetworkSettings: { readonly Networks: Readonly<Record<string, unknown>> };
  readonly State: { readonly Health: { readonly Status: string } };
}

const inspectAll = async (stack: Stack): Promise<{ id: string; service: string; found: Inspected }[]> => {
  const ids = (await stack.compose('ps', '--quiet')).split('\n').filter(Boolean);
  const all = JSON.parse(await docker(['inspect', ...ids])) as Inspected[];
  return all.map((found, index) => ({
    id: ids[index] ?? '',
    service: found.Config.Labels['com.docker.compose.service'] ?? '',
    found,
  }));
};

const TIMEOUT_MS = 60_000;

export const confinementTests = (stack: () => Stack): void => {
  test('every container is healthy, confined, bounded and comes back by itself', async () => {
    const all = await inspectAll(stack());
    expect(new Set(all.map(({ service }) => service))).toEqual(
      new Set<string>([...serviceNames, 'gateway', 'postgres', 'redis', 'minio']),
    );
    for (const { service, found } of all) {
      const { HostConfig: host, State: state } = found;
      expect({ service, health: state.Health.Status }).toEqual({ service, health: 'healthy' });
      expect({ service, readOnly: host.ReadonlyRootfs, privileged: host.Privileged }).toEqual({
        service,
        readOnly: true,
        privileged: false,
      });
      expect(host.CapDrop).toEqual(['ALL']);
      expect(host.CapAdd ?? []).toEqual([]);
      expect(host.SecurityOpt).toContain('no-new-privileges:true');
      expect(host.Memory).toBeGreaterThan(0);
      expect(host.RestartPolicy.Name).toBe('unless-stopped');
    }
  });

  test(
    'the services run as a user without a name or rights, in an image without a shell or a way to write',
    async () => {
      for (const { id, found, service } of await inspectAll(stack())) {
        if (!isServiceName(service)) continue;
        expect(found.Config.User).toBe('65532:65532');
        const processes = (await docker(['top', id, '-o', 'uid,pid,comm'])).split('\n').slice(1);
        // The health check may run beside the service at this moment.
        expect([...new Set(processes.map((line) => line.trim().split(/\s+/)[0]))]).toEqual(['65532']);
        for (const shell of ['/bin/sh', '/bin/bash', '/bin/busybox'])
          expect(await docker(['exec', id, shell, '-c', 'true'], { mayFail: true })).toMatch(/not found|no such file/i);
        const copied = await docker(['cp', import.meta.path, `${id}:/written`], { mayFail: true });
        expect(copied).toContain('read-only');
      }
    },
    TIMEOUT_MS,
  );

  test('a service reaches the stores it needs, and no other; only notification reaches the internet', async () => {
    const { COMPOSE_PROJECT_NAME: project = '' } = stack().env;
    const stores = ['postgres', 'redis', 'objects'];
    const reached: Record<string, string[]> = {};
    const open: Record<string, boolean> = {};
    for (const { service, found } of await inspectAll(stack())) {
      const networks = Object.keys(found.NetworkSettings.Networks).map((name) => name.slice(project.length + 1));
      reached[service] = networks.filter((name) => stores.includes(name)).toSorted();
      open[service] = networks.some((name) => !['services', ...stores].includes(name));
    }
    expect(reached).toEqual({
      ...perService((name) => services[name].stores.toSorted()),
      gateway: [],
      ...{ postgres: ['postgres'], redis: ['redis'], minio: ['objects'] },
    });
    // The gateway and MinIO are in networks that publish ports on the host.
    expect(
      Object.keys(open)
        .filter((service) => open[service])
        .toSorted(),
    ).toEqual(['gateway', 'minio', ...serviceNames.filter((name) => services[name].callsInternet)].toSorted());
    for (const name of ['services', ...stores])
      expect(await docker(['network', 'inspect', '--format', '{{.Internal}}', `${project}_${name}`])).toBe('true');
  });

  test('Redis gives each service its own keys and channels', async () => {
    const redis = (user: string, ...command: string[]) =>
      stack().compose(
        ...['exec', '-T', '-e', 'REDISCLI_AUTH=loopback-only', 'redis'],
        ...['redis-cli', '--user', user, '--no-auth-warning', ...command],
      );
    const own: Record<string, { key?: string; channel: string }> = {
      chat: { key: 'chat:test', channel: 'room:test' },
      presence: { key: 'presence:test', channel: 'presence:test' },
      notification: { channel: 'user:test' },
    };
    for (const [user, { key, channel }] of Object.entries(own)) {
      expect(await redis(user, 'PUBLISH', channel, 'x')).toMatch(/^\d+$/);
      if (key) expect(await redis(user, 'SET', key, 'x', 'PX', '1')).toBe('OK');
      for (const other of ['chat:other', 'presence:other', 'other'])
        if (!key || other.split(':')[0] !== user) expect(await redis(user, 'SET', other, 'x')).toContain('NOPERM');
      for (const command of [['CONFIG', 'GET', '*'], ['FLUSHALL'], ['KEYS', '*'], ['ACL', 'LIST'], ['SHUTDOWN']])
        expect(await redis(user, ...command)).toContain('NOPERM');
    }
    expect(await redis('presence', 'PUBLISH', 'room:general', 'x')).toContain('NOPERM');
    expect(await redis('notification', 'PUBLISH', 'room:general', 'x')).toContain('NOPERM');
  });

  test('file’s user of MinIO has its bucket, and no other', async () => {
    const bucket = openBucket(stack().env);
    expect(await bucket.keys()).toBeArray();
    const client = new S3Client({
      ...{ endpoint: `http://127.0.0.1:${stack().env.MINIO_API_PORT}`, region: 'us-east-1' },
      ...{ accessKeyId: 'file', secretAccessKey: 'loopback-only' },
    });
    expect((await client.list(null, { bucket: 'chatfiles' })).name).toBe('chatfiles');
    await expect(client.write('x', 'x', { bucket: 'another' })).rejects.toMatchObject({ code: 'AccessDenied' });
    await expect(client.list(null, { bucket: 'another' })).rejects.toMatchObject({ code: 'AccessDenied' });
  });

  test(
    'the stores are out of the gateway’s reach, and each service’s database out of the others’',
    async () => {
      const reach = (host: string) =>
        stack()
          .compose('exec', '-T', 'gateway', 'curl', '-sS', '-m', '2', `http://${host}/`)
          .then(
            () => 'reached',
            (error: Error) => error.message,
          );
      expect(await reach('web:8024/')).toBe('reached');
      for (const store of ['postgres:5432', 'redis:6379', 'minio:9000'])
        expect(await reach(store)).toContain('Could not resolve host');

      const connect = (role: string, database: string) =>
        stack()
          .compose(
            'exec',
            '-T',
            'postgres',
            'psql',
            `postgres://${role}:loopback-only@127.0.0.1/${database}`,
            '-tAc',
            'select 1',
          )
          .then(
            () => 'connected',
            (error: Error) => error.message,
          );
      for (const role of databases) {
        expect(await connect(role, role)).toBe('connected');
        for (const other of [...databases, 'postgres'])
          if (other !== role) expect(await connect(role, other)).toContain('permission denied for database');
      }
    },
    TIMEOUT_MS,
  );
};
