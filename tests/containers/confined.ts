/** What a container of the suite may do, read from the running containers. */
import { expect, test } from 'bun:test';
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

const own = ['chat', 'presence', 'notification', 'file', 'web'];

const TIMEOUT_MS = 60_000;

export const confinedTests = (stack: () => Stack): void => {
  test('every container is healthy, confined, bounded and comes back by itself', async () => {
    const all = await inspectAll(stack());
    expect(new Set(all.map(({ service }) => service))).toEqual(
      new Set([...own, 'gateway', 'postgres', 'redis', 'minio']),
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
        if (!own.includes(service)) continue;
        expect(found.Config.User).toBe('65532:65532');
        const processes = (await docker(['top', id, '-o', 'uid,pid,comm'])).split('\n').slice(1);
        // Now and then its health check runs beside the service.
        expect([...new Set(processes.map((line) => line.trim().split(/\s+/)[0]))]).toEqual(['65532']);
        for (const shell of ['/bin/sh', '/bin/bash', '/bin/busybox'])
          expect(await docker(['exec', id, shell, '-c', 'true'], { mayFail: true })).toMatch(/not found|no such file/i);
        const copied = await docker(['cp', import.meta.path, `${id}:/written`], { mayFail: true });
        expect(copied).toContain('read-only');
      }
    },
    TIMEOUT_MS,
  );

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
      for (const role of ['chat', 'notification', 'file', 'web']) {
        expect(await connect(role, role)).toBe('connected');
        for (const other of ['chat', 'notification', 'file', 'web', 'postgres'])
          if (other !== role) expect(await connect(role, other)).toContain('permission denied for database');
      }
    },
    TIMEOUT_MS,
  );
};
