import { expect, test } from 'bun:test';
import { cookieName, findCookie, hasSessionCookie } from './cookies.ts';

const find = (cookie: string) => findCookie(new Headers({ cookie }), 'parley_session');

test('a cookie is found by its plain name, and by the one with __Host-', () => {
  expect(find('theme=dark; parley_session=a%3D')).toEqual({ value: 'a=', isHostBound: false });
  expect(find(`theme=dark;${cookieName('parley_session', true)}=b`)).toEqual({ value: 'b', isHostBound: true });
});

test('a cookie that a subdomain has set is never taken', () => {
  const bound = '__Host-parley_session=mine';
  for (const cookie of [`parley_session=theirs; ${bound}`, `${bound}; parley_session=theirs; parley_session=theirs`])
    expect(find(cookie)?.value).toBe('mine');
  for (const cookie of [
    'parley_session=theirs; parley_session=mine',
    'parley_session=mine; parley_session=theirs',
    'parley_session=mine; parley_session=mine',
    `${bound}; ${bound}`,
    'parley_session=; parley_session=mine',
  ])
    expect(find(cookie)).toBeUndefined();
});

test('similar names are other cookies', () => {
  for (const cookie of [
    '',
    'parley_session',
    'xparley_session=a',
    'Parley_Session=a',
    '__host-parley_session=a',
    'a=parley_session=b',
  ])
    expect(find(cookie)).toBeUndefined();
  expect(hasSessionCookie(new Headers({ cookie: 'xparley_session=a' }))).toBeFalse();
  expect(hasSessionCookie(new Headers({ cookie: 'a=b; parley_session=' }))).toBeTrue();
});
