import { expect, test } from 'bun:test';
import { isRoomPath, roomPath } from '../../views/paths.ts';
import { isBoostedOnly, isPage } from './admission.ts';

const ORIGIN = 'https://chat.example';
const answer = (headers: Record<string, string>, url = `${ORIGIN}/rooms/general`) => ({
  headers: new Headers(headers),
  url,
});
const HTML = { 'content-type': 'text/html; charset=utf-8' };

test('a page is HTML with the mark of pages, of this origin after all redirects', () => {
  expect(isPage(answer({ ...HTML, 'parley-page': '1' }), ORIGIN)).toBeTrue();
  expect(isPage(answer(HTML), ORIGIN)).toBeFalse();
  for (const type of ['text/plain', 'text/htmlx', 'application/xhtml+xml', 'application/json', 'image/png', ''])
    expect([type, isPage(answer({ 'content-type': type, 'parley-page': '1' }), ORIGIN)]).toEqual([type, false]);
  for (const url of ['https://evil.example/', `${ORIGIN}.evil.example/`, 'http://chat.example/', ''])
    expect([url, isPage(answer({ ...HTML, 'parley-page': '1' }, url), ORIGIN)]).toEqual([url, false]);
});

test('htmx acts for boosted links and forms, and for no element with another htmx attribute', () => {
  expect(isBoostedOnly('A', ['href', 'class'])).toBeTrue();
  expect(isBoostedOnly('FORM', ['action', 'method', 'hx-boost'])).toBeTrue();
  for (const name of [
    'hx-get',
    'hx-post',
    'hx-trigger',
    'hx-target',
    'data-hx-get',
    'hx-on:click',
    'hx-boost:inherited',
  ])
    expect([name, isBoostedOnly('FORM', ['action', name])]).toEqual([name, false]);
  expect(isBoostedOnly('DIV', ['id'])).toBeFalse();
});

test('addresses of rooms are accepted, all others rejected', () => {
  const rooms = ['/rooms/general', '/rooms/a.b_c-d', '/rooms/general/17', '/rooms/a/1?notification=0198-ab'];
  for (const path of rooms) expect([path, isRoomPath(path)]).toEqual([path, true]);
  const others = [
    '/rooms/',
    '/rooms/.',
    '/rooms/..',
    '/rooms/../api/files/x/download',
    '/rooms/a/messages/1/edit',
    '/rooms/a/1/2',
    '/rooms/a?before=1',
    '/rooms/a#x',
    '/rooms/a\n',
    '/rooms/%2e%2e/x',
    '//rooms/a',
    '/\\rooms/a',
    'https://chat.example/rooms/a',
    ' /rooms/a',
    '/api/files/x/download',
    `/rooms/${'a'.repeat(51)}`,
  ];
  for (const path of others) expect([path, isRoomPath(path)]).toEqual([path, false]);
});

test('a room’s address has the position and the notification that are given', () => {
  expect(roomPath({ roomId: 'general' })).toBe('/rooms/general');
  expect(roomPath({ roomId: 'general', position: null })).toBe('/rooms/general');
  expect(roomPath({ roomId: 'general', position: 7, notificationId: 'n1' })).toBe('/rooms/general/7?notification=n1');
  expect(isRoomPath(roomPath({ roomId: 'a', position: 7, notificationId: 'n1' }))).toBeTrue();
});
