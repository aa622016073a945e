import { expect, test } from 'bun:test';
import { reportOf, type Summary } from './scenarios/report.ts';

const summaryWith = (isFine: boolean): Summary => ({
  metrics: {
    lost: {
      type: 'counter',
      contains: 'default',
      values: { count: 0, rate: 0 },
      thresholds: { 'count==0': { ok: isFine } },
    },
    delivery: { type: 'trend', contains: 'time', values: { med: 1.234, 'p(95)': 20, count: 10 } },
  },
  root_group: { checks: [{ name: '<b> answers', passes: 3, fails: 0 }] },
  state: { testRunDurationMs: 1_500 },
});

const reported = (summary: Summary) => {
  const {
    stdout = '',
    'out/chat.json': json = '',
    'out/chat.html': html = '',
  } = reportOf(summary, 'out', 'chat', 'here');
  return { stdout, json, html };
};

test('a report says in words what held and what was measured', () => {
  const { stdout, json } = reported(summaryWith(true));
  expect(stdout).toContain('chat, here, 1.5 s: all 2 conditions hold');
  expect(stdout).toContain('delivery  med 1.23 ms, p(95) 20 ms');
  expect(JSON.parse(json)).toEqual(summaryWith(true));
});

test('a report names what failed', () => {
  const { stdout, html } = reported(summaryWith(false));
  expect(stdout).toContain('1 conditions failed:\n  lost count==0  0 (0/s)');
  expect(html).toContain('<tr class="failed"><td>failed</td><td>lost count==0</td>');
});

test('a page of a report is whole by itself, and shows names as text', () => {
  const { html } = reported(summaryWith(true));
  expect(html).not.toMatch(/<script|<link|https?:/);
  expect(html).toContain('&lt;b&gt; answers');
});
