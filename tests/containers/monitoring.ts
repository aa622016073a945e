/** The profiles: Prometheus finds every replica, dashboards and alerts ask for metrics that exist, k6 runs beside the suite. */
import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { eventually } from '@parley/testing/time/eventually';
import { serviceNames } from '../../services.ts';
import type { Stack } from './stack.ts';

const TIMEOUT_MS = 90_000;
const dashboards = join(import.meta.dir, '../../deploy/grafana/dashboards');

interface Dashboard {
  readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];
}

interface Answer<Data> {
  readonly status: string;
  readonly data: Data;
}

const expressionsOf = async (): Promise<string[]> => {
  const files = [...new Bun.Glob('*.json').scanSync(dashboards)];
  const found = await Promise.all(files.map((file) => Bun.file(join(dashboards, file)).json() as Promise<Dashboard>));
  return found.flatMap(({ panels }) => panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)));
};

const metricNames = (expression: string): string[] =>
  [...expression.matchAll(/\b(parley|process|nodejs)_\w+/g)].map(([name]) => name.replace(/_(bucket|count|sum)$/, ''));

export const monitoringTests = (stack: () => Stack): void => {
  test(
    'Prometheus reads every replica, and the dashboards and alerts ask for what there is',
    async () => {
      await stack().compose('up', '--detach', '--wait', '--no-recreate', 'prometheus');
      const origin = `http://127.0.0.1:${stack().env.PROMETHEUS_PORT}/api/v1`;
      const ask = async <Data>(path: string) => (await (await fetch(origin + path)).json()) as Answer<Data>;
      await eventually(
        async () => {
          const { data } = await ask<{ activeTargets: { labels: { job: string }; health: string }[] }>('/targets');
          const up = data.activeTargets.filter(({ health }) => health === 'up').map(({ labels }) => labels.job);
          expect(up.toSorted()).toEqual(['chat', ...serviceNames].toSorted());
        },
        { timeoutMs: 60_000 },
      );
      const { data } = await ask<{ metric: string }[]>('/targets/metadata');
      const known = new Set(data.map(({ metric }) => metric));
      const expressions = await expressionsOf();
      expect(expressions.length).toBeGreaterThan(20);
      for (const expression of expressions) {
        const query = expression.replaceAll('$__rate_interval', '1m');
        expect({ query, status: (await ask(`/query?query=${encodeURIComponent(query)}`)).status }).toEqual({
          query,
          status: 'success',
        });
        for (const name of metricNames(expression)) expect(known).toContain(name);
      }
      const check = ['promtool', 'check', 'config', '/etc/prometheus/prometheus.yml'];
      expect(await stack().compose('exec', '-T', 'prometheus', ...check)).toContain('6 rules found');
    },
    TIMEOUT_MS,
  );

  test(
    'k6 tries every endpoint from a container beside the suite',
    async () => {
      expect(await stack().compose('run', '--rm', '--no-deps', '-T', 'k6', 'run', '--quiet', 'smoke.ts')).toContain(
        'conditions hold',
      );
    },
    TIMEOUT_MS,
  );
};
