/** Who a request may act as. */
import { describe, expect, test } from 'bun:test';
import { assert, asyncProperty, string } from 'fast-check';
import { type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { createLog } from '../process/log.ts';
import { SESSION_COOKIE } from './cookies.ts';
import { createIdentity, openIdentity } from './identity.ts';

const SECRET = 'a secret of at least thirty-two characters';
const identity = createIdentity(SECRET);

const bearer = (token: string) => new Headers({ authorization: `Bearer ${token}` });
const cookie = (token: string) => new Headers({ cookie: `theme=dark; ${SESSION_COOKIE}=${token}` });
const unauthenticated = { code: 'unauthenticated', status: 401 };
const forbidden = { code: 'forbidden', status: 403 };

describe('With a secret', () => {
  test('a token proves its user, in the header or in the cookie', async () => {
    const token = await identity.sign('alice', 60);
    for (const headers of [bearer(token), cookie(token)]) {
      await identity.requireUser(headers, 'alice');
      await identity.requireAnyone(headers);
    }
  });

  test('a token of another user is rejected, however the ids differ', async () => {
    const property = asyncProperty(string({ minLength: 1 }), string({ minLength: 1 }), async (owner, other) => {
      const headers = bearer(await identity.sign(owner, 60));
      await identity.requireUser(headers, owner);
      if (other !== owner) await expect(identity.requireUser(headers, other)).rejects.toMatchObject(forbidden);
    });
    await assert(property, { numRuns: 50 });
  });

  test('ids that look alike are different users', async () => {
    const headers = bearer(await identity.sign('alice', 60));
    for (const other of ['Alice', 'alice ', ' alice', 'alic\u0435', 'alice\u200b', '']) {
      await expect(identity.requireUser(headers, other)).rejects.toMatchObject(forbidden);
    }
  });

  const key = new TextEncoder().encode(SECRET);
  const signed = (claims: JWTPayload, alg = 'HS256') => new SignJWT(claims).setProtectedHeader({ alg }).sign(key);
  const nextHour = Math.floor(Date.now() / 1_000) + 3_600;
  const bad: Record<string, () => Promise<string> | string> = {
    'no token at all': () => '',
    'something that is no token': () => 'alice',
    'a broken cookie': () => '%zz%ff',
    'another secret': () => createIdentity('another secret of thirty-two characters').sign('alice', 60),
    'a time that is over': () => identity.sign('alice', -60),
    'no end of its time': () => signed({ sub: 'alice' }),
    'no subject': () => signed({ exp: nextHour }),
    'no signature': () => new UnsecuredJWT().setSubject('alice').setExpirationTime('1h').encode(),
    'another algorithm': () => signed({ sub: 'alice', exp: nextHour }, 'HS512'),
  };
  test.each(Object.keys(bad))('%s proves nobody', async (name) => {
    const token = (await bad[name]?.()) ?? '';
    for (const headers of [bearer(token), cookie(token)]) {
      await expect(identity.requireUser(headers, 'alice')).rejects.toMatchObject(unauthenticated);
      await expect(identity.requireAnyone(headers)).rejects.toMatchObject(unauthenticated);
    }
  });

  test('a service of the suite may act as anyone', async () => {
    const headers = new Headers(await identity.serviceHeaders('chat'));
    await identity.requireUser(headers, 'alice');
    await identity.requireUser(headers, 'bob');
  });

  test('a user with the name of a service has no rights of a service', async () => {
    for (const name of ['chat', 'service:chat']) {
      const headers = bearer(await identity.sign(name, 60));
      await identity.requireUser(headers, name);
      await expect(identity.requireUser(headers, 'alice')).rejects.toMatchObject(forbidden);
    }
  });
});

describe('Without a secret', () => {
  const open = createIdentity();

  test('anyone may act as anyone', async () => {
    expect(open.isOpen).toBeTrue();
    await open.requireUser(new Headers(), 'alice');
    await open.requireAnyone(new Headers());
    expect(await open.serviceHeaders('chat')).toEqual({});
  });

  test('nothing can be signed', async () => {
    await expect(open.sign('alice', 60)).rejects.toThrow('AUTH_SECRET');
  });
});

describe('A server that others can reach', () => {
  const log = createLog('identity-test', 'silent');
  const bound = ['0.0.0.0', '::', '[::]', '192.168.1.5', 'chat.example', '127.0.0.1.nip.io'];

  test('does not start in open mode, unless the operator allows it', () => {
    for (const gatewayBind of bound) {
      expect(() => openIdentity({ gatewayBind }, log)).toThrow(
        /AUTH_SECRET: got nothing.*GATEWAY_BIND.*ALLOW_OPEN=yes/s,
      );
      for (const allowOpen of ['no', 'true', '1', 'YES '])
        expect(() => openIdentity({ gatewayBind, allowOpen }, log)).toThrow('AUTH_SECRET');
      expect(openIdentity({ gatewayBind, allowOpen: 'yes' }, log).isOpen).toBeTrue();
      expect(openIdentity({ gatewayBind, authSecret: SECRET }, log).isOpen).toBeFalse();
    }
  });

  test('starts in open mode on loopback, or if GATEWAY_BIND is unset', () => {
    for (const gatewayBind of [undefined, '127.0.0.1', 'localhost', '::1', '[::1]', '127.1.2.3'])
      expect(openIdentity({ gatewayBind }, log).isOpen).toBeTrue();
  });
});
