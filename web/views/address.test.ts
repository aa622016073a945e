import { describe, expect, test } from 'bun:test';
import { addressOf, isMisleading, truthBeside } from './address.ts';

describe('an address', () => {
  test.each([
    ['https://example.org/a b', undefined],
    ['https://example.org/a', { href: 'https://example.org/a', host: 'example.org' }],
    ['HTTP://Example.ORG', { href: 'http://example.org/', host: 'example.org' }],
    ['/rooms/general/5#x', { href: '/rooms/general/5#x' }],
    ['mailto:ann@example.org', { href: 'mailto:ann@example.org' }],
  ])('%s may be followed as %j', (given, address) => {
    expect(addressOf(given)).toEqual(address as never);
  });

  test.each([
    '/\\evil.example',
    '\\\\evil.example',
    '//evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    'https:evil.example',
    'https:/evil.example',
    'https:\\\\evil.example',
    'https://evil.example\\@good.example',
    'https://good.example@evil.example/',
    'https://good.example:80@evil.example/',
    'java\nscript:alert(1)',
    ' javascript:alert(1)',
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,x',
    'blob:https://example.org/x',
    'file:///etc/passwd',
    'vbscript:x',
    'mailto:a@b.example?bcc=c@d.example&body=x',
    'mailto:a%0Abcc:c@d.example',
    'mailto:a@b.example,c@d.example',
    '/.//evil.example',
    '/a/../..//evil.example',
    '/%2e//evil.example',
    'http://',
    'https://[::1',
    'relative/path',
    '',
    `https://example.org/${'x'.repeat(4_000)}`,
  ])('%j may not be followed', (given) => {
    expect(addressOf(given)).toBeUndefined();
  });
});

describe('a label', () => {
  test.each([
    ['http://good.example', 'evil.example'],
    ['good.example', 'evil.example'],
    ['see www.good.example now', 'evil.example'],
    ['https://good.example.evil.example', 'evil.example'],
    ['good.example/evil.example', 'evil.example'],
    ['gооd.example', 'good.example'],
    ['http://good', 'evil.example'],
    ['http://localhost:3000', 'evil.example'],
    ['127.0.0.1', 'evil.example'],
    ['good．example', 'evil.example'],
    ['good․example', 'evil.example'],
    ['good。example', 'evil.example'],
    ['good.e\u00adxample', 'evil.example'],
    ['goo\u200bd.example', 'evil.example'],
    ['http：//good', 'evil.example'],
    ['https://ann@good.example', 'evil.example'],
    ['exаmple.org', 'xn--exmple-4nf.org'],
    ['аррӏе.com', 'xn--80ak6aa92e.com'],
  ])('%j is misleading for %s', (label, host) => {
    expect(isMisleading(label, host)).toBeTrue();
  });

  test.each([
    ['http://good.example/a', 'good.example'],
    ['www.good.example', 'good.example'],
    ['Good.Example', 'www.good.example'],
    ['the report', 'evil.example'],
    ['münchen.example', 'xn--mnchen-3ya.example'],
    ['good.example:8080', 'good.example:8080'],
    ['https://good.example/report.pdf?by=other.example', 'good.example'],
    ['good.example/report.pdf', 'good.example'],
    ['пример.рф', 'xn--e1afmkfd.xn--p1ai'],
    ['例え.jp', 'xn--r8jz45g.jp'],
    ['version 1.2', 'evil.example'],
  ])('%j is not misleading for %s', (label, host) => {
    expect(isMisleading(label, host)).toBeFalse();
  });

  test.each([
    ['https://good.example', '/api/files/1/download', '/api/files/1/download'],
    ['a@good.example', 'mailto:b@evil.example', 'b@evil.example'],
    ['good.example', 'https://evil.example/x', 'evil.example'],
    ['a@good.example', 'mailto:a@good.example', undefined],
    ['the report', '/api/files/1/download', undefined],
    ['write to Ann', 'mailto:ann@example.org', undefined],
  ])('%j to %s is followed by %j', (label, given, truth) => {
    expect(truthBeside(label, addressOf(given) ?? { href: '' })).toBe(truth as never);
  });

  test('takes linear time in its length', () => {
    /** In processor time, which a busy machine doesn't change. */
    const takes = (label: string): number => {
      const before = process.cpuUsage();
      for (let round = 0; round < 20; round += 1) isMisleading(label, 'evil.example');
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    for (const unit of ['a', 'a.', '1.', 'a-', 'https://', 'a@', 'ａ．']) {
      const [short, long] = [unit.repeat(400), unit.repeat(4_000)];
      for (const label of [short, long]) takes(label);
      const ratio = Math.min(...[1, 2, 3].map(() => takes(long) / takes(short)));
      // Ten times the length: quadratic time would be a hundred times.
      expect(ratio).toBeLessThan(50);
    }
  });
});
