import { describe, expect, test } from 'bun:test';
import { parseAddress } from './address.ts';

/** The address, or the fault in words. */
const parse = (path: string) => {
  const parsed = parseAddress(new URL(`http://localhost${path}`));
  return 'address' in parsed ? parsed.address : parsed.fault;
};

describe('the address of a socket', () => {
  test('names the room, the user, the name and the cursor, and whether other rooms matter', () => {
    expect(parse('/ws/general/alice?username=Alice&since=42&activity=true')).toEqual({
      roomId: 'general',
      userId: 'alice',
      username: 'Alice',
      since: 42,
      hasActivity: true,
    });
  });

  test.each(['', '?username=', '?username=%20%20'])('has the name anonymous with %j', (query) => {
    expect(parse(`/ws/general/alice${query}`)).toEqual({
      roomId: 'general',
      userId: 'alice',
      username: 'anonymous',
      hasActivity: false,
    });
  });

  test('decodes ids and names of any script', () => {
    expect(
      parse('/ws/general/%D0%B0%D0%BB%D0%B8%D1%81%D0%B0%20%2F%3F%3A?username=%E7%94%B0%E4%B8%AD+%F0%9F%A6%8A'),
    ).toEqual({
      roomId: 'general',
      userId: 'алиса /?:',
      username: '田中 🦊',
      hasActivity: false,
    });
  });

  test('may end with a slash', () => {
    expect(parse('/ws/general/alice/?username=Alice')).toMatchObject({ userId: 'alice', username: 'Alice' });
  });

  test('trims the name', () => {
    expect(parse('/ws/general/alice?username=%20Alice%20')).toMatchObject({ username: 'Alice' });
  });

  test('ids and names of 100 characters fit, whatever their width', () => {
    const long = encodeURIComponent('🦊'.repeat(100));
    expect(parse(`/ws/general/${long}?username=${long}`)).toMatchObject({ userId: '🦊'.repeat(100) });
  });

  test('since=0 is the beginning, an empty since is none', () => {
    expect(parse('/ws/general/alice?since=0')).toMatchObject({ since: 0 });
    expect(parse('/ws/general/alice?since=')).not.toHaveProperty('since');
  });

  const faults: [string, string][] = [
    ['/ws/', 'room_id'],
    ['/ws//alice', 'room_id'],
    ['/ws/a%20b/alice', 'room_id'],
    ['/ws/caf%C3%A9/alice', 'room_id'],
    ['/ws/%FF/alice', 'room_id'],
    ['/ws/general%0A/alice', 'room_id'],
    [`/ws/${'x'.repeat(51)}/alice`, 'room_id'],
    ['/ws/general', 'user_id'],
    ['/ws/general/', 'user_id'],
    ['/ws/general/%20', 'user_id'],
    ['/ws/general/%FF', 'user_id'],
    ['/ws/general/a%00b', 'user_id'],
    ['/ws/general/a%0Ab', 'user_id'],
    [`/ws/general/${'x'.repeat(101)}`, 'user_id'],
    ['/ws/general/alice/anything', 'user_id'],
    ['/ws/general/alice/%20', 'user_id'],
    ['/ws/general/alice//bob', 'user_id'],
    ['/ws/general/alice?username=a%00b', 'username'],
    [`/ws/general/alice?username=${'x'.repeat(101)}`, 'username'],
    ['/ws/general/alice?since=-1', 'since'],
    ['/ws/general/alice?since=1.5', 'since'],
    ['/ws/general/alice?since=x', 'since'],
    ['/ws/general/alice?since=1e300', 'since'],
    ['/ws/general/alice?since=9007199254740993', 'since'],
  ];
  test.each(faults)('%s has a fault in %s', (path, field) => {
    const fault = parse(path);
    expect(fault).toBeString();
    expect(String(fault)).toStartWith(`${field}: `);
  });

  test('the fault of a wrong cursor describes a right one', () => {
    expect(parse('/ws/general/alice?since=x')).toBe('since: The last seq seen: a whole number, 0 or more');
  });
});
