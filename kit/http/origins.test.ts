/** Every combination of origin, proof and configuration. */
import { describe, expect, test } from 'bun:test';
import { grantedOrigin, type OriginPolicy, originFault, sourceOf } from './origins.ts';

const open: OriginPolicy = {
  isOpen: true,
  isOnLoopback: true,
  named: new Set(),
  isForAny: false,
  isForPages: false,
};
const proven: OriginPolicy = { ...open, isOpen: false, isOnLoopback: false };
const OWN = 'http://localhost:8080';
const host = 'localhost:8080';
const cookie = 'a=b; parley_session=token';

type Parts = Record<string, string>;
const fault = (policy: OriginPolicy, method: string, headers: Parts) =>
  originFault(method, new Headers({ host, ...headers }), policy)?.code;

describe('where a request comes from', () => {
  const named = new Set(['https://app.example']);
  test.each([
    [{}, 'tool'],
    [{ origin: OWN }, 'own'],
    [{ origin: 'http://[::1]:3000' }, 'loopback'],
    [{ origin: 'http://127.8.9.1' }, 'loopback'],
    [{ origin: 'https://dev.localhost:3000' }, 'loopback'],
    [{ origin: 'https://app.example' }, 'named'],
    [{ origin: 'http://app.example' }, 'foreign'],
    [{ origin: 'https://app.example.evil.example' }, 'foreign'],
    [{ origin: 'https://evil.example' }, 'foreign'],
    [{ origin: 'http://localhost.evil.example' }, 'foreign'],
    [{ origin: 'http://127.0.0.1.evil.example' }, 'foreign'],
    [{ origin: 'file://localhost' }, 'foreign'],
    [{ origin: 'null' }, 'foreign'],
    [{ origin: '' }, 'foreign'],
    [{ origin: 'https://localhost:8080', host: 'localhost:8080' }, 'own'],
    [{ origin: 'https://chat.example', host: 'chat.example:443' }, 'own'],
    [{ origin: 'http://chat.example', host: 'chat.example:80' }, 'own'],
    [{ origin: 'http://chat.example', host: 'chat.example', 'x-forwarded-proto': 'https' }, 'foreign'],
    [{ origin: 'https://chat.example', host: 'chat.example', 'x-forwarded-proto': 'http' }, 'own'],
    [{ origin: 'https://evil.example', host: 'chat.example', 'x-forwarded-host': 'evil.example' }, 'foreign'],
  ] as [Parts, string][])('%o is %s', (headers, source) => {
    expect(sourceOf(new Headers({ host, ...headers }), { named })).toBe(source as never);
  });
});

describe('with AUTH_SECRET', () => {
  const unsafe = ['POST', 'PUT', 'PATCH', 'DELETE'];
  const upgrade = { upgrade: 'websocket' };

  test('a cookie counts when this service’s own page sends it', () => {
    for (const method of [...unsafe, 'GET'])
      for (const from of [{ 'sec-fetch-site': 'same-origin' }, { origin: OWN }])
        expect(fault(proven, method, { cookie, ...from })).toBeUndefined();
    expect(fault(proven, 'GET', { cookie, ...upgrade, origin: OWN })).toBeUndefined();
    expect(fault(proven, 'GET', { cookie, ...upgrade, 'sec-fetch-site': 'same-origin' })).toBeUndefined();
  });

  const elsewhere: Parts[] = [
    {},
    { origin: 'https://evil.example' },
    { origin: 'http://localhost:9999' },
    { origin: 'null' },
    { 'sec-fetch-site': 'none' },
    { 'sec-fetch-site': 'same-site', origin: 'http://localhost:9999' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'SAME-ORIGIN' },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
  ];
  test('a cookie doesn’t count when another page, or no page, sends it', () => {
    for (const from of elsewhere) {
      for (const method of unsafe) expect(fault(proven, method, { cookie, ...from })).toBe('foreign_origin');
      expect(fault(proven, 'GET', { cookie, ...upgrade, ...from })).toBe('foreign_origin');
      expect(fault(proven, 'GET', { cookie, upgrade: 'WebSocket', ...from })).toBe('foreign_origin');
    }
    expect(fault(proven, 'POST', { cookie: '__Host-parley_session=x' })).toBe('foreign_origin');
  });

  test('a GET with a cookie is rejected only if the browser names another site as its sender', () => {
    const navigate = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    for (const site of ['cross-site', 'same-site']) {
      expect(fault(proven, 'GET', { cookie, 'sec-fetch-site': site })).toBe('foreign_origin');
      expect(fault(proven, 'GET', { cookie, 'sec-fetch-site': site, ...navigate })).toBeUndefined();
      expect(fault(proven, 'GET', { cookie, 'sec-fetch-site': site, ...navigate, 'sec-fetch-dest': 'iframe' })).toBe(
        'foreign_origin',
      );
    }
    for (const from of [{}, { 'sec-fetch-site': 'none' }, { origin: 'http://localhost:9999' }])
      expect(fault(proven, 'GET', { cookie, ...from })).toBeUndefined();
  });

  test('a bearer token counts from anywhere, and a request without a session is not rejected', () => {
    for (const from of elsewhere)
      for (const method of ['GET', ...unsafe]) {
        expect(fault(proven, method, { ...from, cookie, authorization: 'Bearer x' })).toBeUndefined();
        expect(fault(proven, method, { ...from, cookie: 'theme=dark' })).toBeUndefined();
      }
  });

  test('other kinds of Authorization don’t count: a link with a password makes a browser send one', () => {
    for (const authorization of ['Basic eDp5', 'Bearer', 'bearer ', ''])
      expect(fault(proven, 'POST', { cookie, authorization, origin: 'https://evil.example' })).toBe('foreign_origin');
  });

  test('a cookie counts from a named origin, but not because of `*`', () => {
    const policy = { ...proven, named: new Set(['https://app.example']) };
    const from = { origin: 'https://app.example', 'sec-fetch-site': 'cross-site' };
    for (const method of ['GET', 'POST']) expect(fault(policy, method, { cookie, ...from })).toBeUndefined();
    expect(fault({ ...proven, isForAny: true }, 'POST', { cookie, ...from })).toBe('foreign_origin');
    expect(fault({ ...proven, isForAny: true }, 'GET', { cookie, ...upgrade, ...from })).toBe('foreign_origin');
  });
});

describe('in open mode', () => {
  test('programs, the own page and pages of loopback are allowed, other sites are rejected', () => {
    const may = [{}, { origin: OWN }, { origin: 'http://127.0.0.1:3000', 'sec-fetch-site': 'cross-site' }];
    const mayNot = [{ origin: 'https://evil.example' }, { origin: 'null' }, { origin: 'http://192.168.1.5:8080' }];
    for (const method of ['GET', 'POST', 'DELETE', 'OPTIONS'])
      for (const more of [{}, { cookie }, { upgrade: 'websocket' }]) {
        for (const from of may) expect(fault(open, method, { ...from, ...more })).toBeUndefined();
        for (const from of mayNot) expect(fault(open, method, { ...from, ...more })).toBe('foreign_origin');
      }
  });

  test('origins that CORS_ORIGIN names are allowed, and with `*` all', () => {
    const from = { origin: 'https://app.example' };
    expect(fault({ ...open, named: new Set(['https://app.example']) }, 'POST', from)).toBeUndefined();
    expect(fault({ ...open, isForAny: true }, 'POST', from)).toBeUndefined();
  });

  test('a bearer token doesn’t make a cookie of web count', () => {
    for (const policy of [
      { ...open, isForPages: true },
      { ...proven, isForPages: true },
    ])
      for (const from of [{ origin: 'http://localhost:3000' }, { 'sec-fetch-site': 'same-site' }])
        expect(fault(policy, 'POST', { ...from, cookie, authorization: 'Bearer x' })).toBe('foreign_origin');
  });

  test('web uses the cookie in open mode too', () => {
    const pages = { ...open, isForPages: true, isForAny: true };
    expect(fault(pages, 'POST', { cookie, origin: OWN })).toBeUndefined();
    for (const from of [{}, { origin: 'http://localhost:9999' }])
      expect(fault(pages, 'POST', { cookie, ...from })).toBe('foreign_origin');
    expect(fault(pages, 'GET', { origin: 'https://evil.example' })).toBe('foreign_origin');
  });
});

describe('the host that a request names', () => {
  test('must be a loopback name while the service listens on loopback', () => {
    for (const name of ['localhost', 'localhost:8020', '127.0.0.1:1', '[::1]:8020', 'a.localhost', 'LOCALHOST:1'])
      expect(fault(open, 'GET', { host: name })).toBeUndefined();
    for (const name of [
      'evil.example',
      'evil.example:8020',
      '192.168.1.5',
      'localhost.evil.example',
      '127.0.0.1.nip.io',
      '0.0.0.0:8020',
    ])
      for (const policy of [open, { ...proven, isOnLoopback: true }])
        expect(fault(policy, 'GET', { host: name, origin: `http://${name}` })).toBe('foreign_host');
  });

  test('may be one that CORS_ORIGIN names, and any beyond loopback or with `*`', () => {
    const named = { ...open, named: new Set(['https://chat.example']) };
    expect(fault(named, 'GET', { host: 'chat.example' })).toBeUndefined();
    expect(fault({ ...open, isForAny: true }, 'GET', { host: 'evil.example' })).toBeUndefined();
    expect(fault({ ...open, isOnLoopback: false }, 'GET', { host: 'chat:8020' })).toBeUndefined();
  });
});

test('named origins may read answers; in open mode pages of loopback too', () => {
  const granted = (policy: OriginPolicy, origin: string) => grantedOrigin(new Headers({ host, origin }), policy);
  const named = new Set(['https://app.example']);
  expect(granted({ ...proven, named }, 'https://app.example')).toBe('https://app.example');
  for (const origin of ['https://evil.example', 'http://localhost:3000', 'null'])
    expect(granted({ ...proven, named }, origin)).toBeUndefined();
  expect(granted(open, 'http://localhost:3000')).toBe('http://localhost:3000');
  expect(granted(open, 'https://evil.example')).toBeUndefined();
  expect(granted({ ...open, isForAny: true }, 'https://evil.example')).toBe('*');
  expect(granted({ ...open, isForPages: true }, 'http://localhost:3000')).toBeUndefined();
});
