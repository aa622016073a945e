import { expect, test } from 'bun:test';
import { isAllowedAddress, isAllowedEndpoint, isPublicAddress } from './addresses.ts';

const strict = { allowLoopback: false };
const forTests = { allowLoopback: true };

const publicAddresses = ['1.1.1.1', '93.184.216.34', '172.15.255.255', '172.32.0.0', '2606:4700::1111', '2a00:1450::1'];
const otherAddresses = [
  ...[
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
  ],
  ...['192.168.1.1', '192.0.2.1', '198.18.0.1', '203.0.113.9', '224.0.0.1', '255.255.255.255', '192.0.0.192'],
  ...[
    '::',
    '::1',
    '::ffff:10.0.0.1',
    '::ffff:7f00:1',
    'fe80::1',
    'fc00::1',
    'fd00:ec2::254',
    'ff02::1',
    '64:ff9b::a00:1',
  ],
  ...['2001:db8::1', '2002:7f00:1::', '2001::1', '3fff::1', 'push.example.org', ''],
];

test.each(publicAddresses)('%s is a public address', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test.each(otherAddresses)('%p is no public address', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test('loopback is reached only where tests allow it, and nothing else private ever', () => {
  for (const address of ['127.0.0.1', '::1']) {
    expect(isAllowedAddress(address, strict)).toBe(false);
    expect(isAllowedAddress(address, forTests)).toBe(true);
  }
  for (const address of ['10.0.0.1', '169.254.169.254', 'fd00::1'])
    expect(isAllowedAddress(address, forTests)).toBe(false);
});

const allowed = [
  'https://fcm.googleapis.com/fcm/send/abc:def',
  'https://push.example.org/a?b=c%20d',
  'https://1.1.1.1/x',
];
const refused = [
  ...['http://push.example.org/x', 'https://push.example.org:8443/x', 'https://user@push.example.org/x'],
  ...['https://localhost/x', 'https://LOCALHOST/x', 'https://redis/x', 'https://127.0.0.1/x', 'https://127.1/x'],
  ...[
    'https://0x7f000001/x',
    'https://2130706433/x',
    'https://[::1]/x',
    'https://[::ffff:10.0.0.1]/x',
    'https://10.0.0.1/x',
  ],
  ...[
    'https://169.254.169.254/latest/meta-data',
    'ftp://push.example.org/x',
    'https://push.example.org:443/x',
    'https://push.example.org\\@1.1.1.1/x',
    'https://',
    'file:///etc/passwd',
    '',
  ],
];

test.each(allowed)('%s may be an endpoint', (endpoint) => {
  expect(isAllowedEndpoint(endpoint, strict)).toBe(true);
});

test.each(refused)('%p may be no endpoint', (endpoint) => {
  expect(isAllowedEndpoint(endpoint, strict)).toBe(false);
});

test('tests may have an endpoint on this machine, and still none elsewhere inside', () => {
  for (const endpoint of ['http://127.0.0.1:1234/x', 'http://localhost:1/x', 'https://[::1]:9/x'])
    expect(isAllowedEndpoint(endpoint, forTests)).toBe(true);
  for (const endpoint of ['http://10.0.0.1/x', 'https://192.168.0.1/x', 'http://push.example.org/x'])
    expect(isAllowedEndpoint(endpoint, forTests)).toBe(false);
});
