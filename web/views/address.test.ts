import { describe, expect, test } from 'bun:test';
import { addressOf, isMisleading } from './address.ts';

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
  ])('%j is not misleading for %s', (label, host) => {
    expect(isMisleading(label, host)).toBeFalse();
  });
});
