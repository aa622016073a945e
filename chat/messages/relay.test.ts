import { afterEach, describe, expect, test } from 'bun:test';
import { eventually } from '@parley/kit/testing/eventually';
import { Registry } from 'prom-client';
import { createChatMetrics } from '../metrics.ts';
import { silent } from '../testing/backends.ts';
import { createRelay, type Mention, type OutboxStore, type Relay } from './outbox.ts';

const mention = (userId: string, content = 'hello'): Mention => ({
  messageId: crypto.randomUUID(),
  userId,
  roomId: 'general',
  fromUser: 'alice',
  username: 'Alice',
  content,
  position: 7,
});

interface Posted {
  readonly user: string;
  readonly key: string | null;
  readonly body: string;
  readonly authorization: string | null;
}

describe('the relay', () => {
  const opened: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of opened.splice(0).reverse()) await close();
  });

  /** @param answer the status for a user's mention */
  const start = (waiting: Mention[], answer: (user: string) => number | Promise<number>) => {
    const posted: Posted[] = [];
    const settled: string[] = [];
    const service = Bun.serve({
      hostname: '127.0.0.1',
      port: 0,
      fetch: async (request) => {
        const { user_id: user, body } = (await request.json()) as { user_id: string; body: string };
        const { headers } = request;
        posted.push({ user, key: headers.get('idempotency-key'), body, authorization: headers.get('authorization') });
        return new Response('{}', { status: await answer(user) });
      },
    });
    const store: OutboxStore = {
      take: async (limit) => waiting.splice(0, limit),
      settle: async (mentions) => {
        settled.push(...mentions.map(({ userId }) => userId));
      },
    };
    const relay: Relay = createRelay({
      store,
      notificationUrl: service.url.origin,
      headers: async () => ({ authorization: 'Bearer proof' }),
      metrics: createChatMetrics(new Registry(), () => new Map()),
      logger: silent,
    });
    opened.push(
      () => service.stop(true),
      () => relay.close(),
    );
    return { relay, posted, settled };
  };

  test('posts each mention with a proof and a key of its own, and settles what was taken', async () => {
    const { relay, posted, settled } = start([mention('bob'), mention('carol'), mention('боб/🦊')], () => 201);
    relay.wake();
    await eventually(() => expect(settled.toSorted()).toEqual(['bob', 'carol', 'боб/🦊']));
    expect(new Set(posted.map(({ key }) => key)).size).toBe(3);
    for (const { key, authorization } of posted) {
      expect(key).toMatch(/^[\x21-\x7e]{1,255}$/);
      expect(authorization).toBe('Bearer proof');
    }
  });

  test('gives the same mention the same key', async () => {
    const bobs = mention('bob');
    const { relay, posted, settled } = start([bobs, bobs], () => 200);
    relay.wake();
    await eventually(() => expect(settled.length).toBe(2));
    expect(new Set(posted.map(({ key }) => key)).size).toBe(1);
  });

  test.each([500, 502, 503, 429])(
    'leaves what was answered with %d for another attempt, and settles the rest',
    async (status) => {
      const { relay, posted, settled } = start([mention('bob'), mention('carol')], (user) =>
        user === 'bob' ? status : 201,
      );
      relay.wake();
      await eventually(() => expect(posted.length).toBe(2));
      await relay.close();
      expect(settled).toEqual(['carol']);
    },
  );

  test.each([400, 409, 422])('gives up what was answered with %d: a retry would not mend it', async (status) => {
    const { relay, settled } = start([mention('bob')], () => status);
    relay.wake();
    await eventually(() => expect(settled).toEqual(['bob']));
  });

  test('clears a backlog of many batches in one go', async () => {
    const { relay, settled } = start(
      Array.from({ length: 95 }, (_, index) => mention(`user ${index}`)),
      () => 201,
    );
    relay.wake();
    await eventually(() => expect(settled.length).toBe(95));
  });

  test('shortens a long message, and never within a character', async () => {
    const { relay, posted } = start([mention('bob', `x${'🦊'.repeat(5_000)}`)], () => 201);
    relay.wake();
    const [{ body } = { body: '' }] = await eventually(() => {
      expect(posted.length).toBe(1);
      return posted;
    });
    expect(body.length).toBeLessThanOrEqual(1_000);
    expect(body).toMatch(/^x🦊+$/u);
  });

  test('ends its round before it closes, and does nothing after', async () => {
    const waiting = [mention('bob')];
    const { promise, resolve } = Promise.withResolvers<number>();
    const { relay, posted, settled } = start(waiting, () => promise);
    relay.wake();
    await eventually(() => expect(posted.length).toBe(1));
    const closed = relay.close().then(() => settled.length);
    resolve(201);
    expect(await closed).toBe(1);
    waiting.push(mention('carol'));
    relay.wake();
    await Bun.sleep(20);
    expect(posted.length).toBe(1);
  });
});
