import { expect, test } from 'bun:test';
import { addressOf, networkOf } from './address.ts';

const from = (peer: string | null, forwarded?: string) =>
  addressOf(new Request('http://x', forwarded ? { headers: { 'x-forwarded-for': forwarded } } : {}), {
    requestIP: () => (peer === null ? null : { address: peer }),
  });

test('the address is the peer, and behind the gateway the last of X-Forwarded-For', () => {
  expect(from('203.0.113.7')).toBe('203.0.113.7');
  expect(from('10.0.0.5', '203.0.113.7')).toBe('203.0.113.7');
  expect(from('::ffff:172.18.0.3', '203.0.113.7')).toBe('203.0.113.7');
  expect(from('127.0.0.1', '1.1.1.1, 203.0.113.7')).toBe('203.0.113.7');
  expect(from('::1', '203.0.113.7')).toBe('203.0.113.7');
});

test('a client outside can’t choose its address', () => {
  expect(from('203.0.113.7', '198.51.100.1')).toBe('203.0.113.7');
  expect(from('172.32.0.1', '198.51.100.1')).toBe('172.32.0.1');
  expect(from('2001:db8::1', '198.51.100.1')).toBe('2001:db8:0:0::/64');
});

test('an IPv6 network of 64 bits is one address, however it is written', () => {
  for (const address of ['2001:db8:1:2::1', '2001:0DB8:0001:0002:aaaa:bbbb:cccc:dddd', '2001:db8:1:2:0:0:0:9'])
    expect(networkOf(address)).toBe('2001:db8:1:2::/64');
  expect(networkOf('2001:db8:1:3::1')).not.toBe(networkOf('2001:db8:1:2::1'));
  expect(networkOf('::1')).toBe('0:0:0:0::/64');
  expect(networkOf('::ffff:203.0.113.7')).toBe('203.0.113.7');
});

test('a request without a connection has an address too', () => {
  expect(from(null)).toBe('unknown');
  expect(addressOf(new Request('http://x'), undefined)).toBe('unknown');
});
