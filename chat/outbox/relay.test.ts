import { afterEach, describe, expect, test } from 'bun:test';
import { eventually } from '@parley/testing/time/eventually';
import { Registry } from 'prom-client';
import { createChatMetrics } from '../metrics.ts';
import { silent } from '../testing/backends.ts';
import type { Entry, OutboxStore } from './outbox.ts';
import { createRelay } from './relay.ts';
import type { Rounds } from './rounds.ts';
import { createServiceCall } from './services.ts';

const entry = (fields: Partial<Entry>): Entry => ({
  ...{ id: crypto.randomUUID(), kind: 'mention', messageId: crypto.randomUUID(), seq: 9, userId: 'bob' },
  ...{ mentioned: null, fileId: null, isFileUsed: false },
  ...{ roomId: 'general', fromUser: 'alice', username: 'Alice', content: 'hello', position: 7 },
  ...fields,
});
const mention = (userId: string, content = 'hello'): Entry => entry({ userId, content });

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
  const start = (waiting: Entry[], answer: (user: string) => number | Promise<number>) => {
    const posted: Posted[] = [];
    const delivered: string[] = [];
    const asked: string[] = [];
    const service = Bun.serve({
      hostname: '127.0.0.1',
      port: 0,
      fetch: async (request) => {
        const { headers, method } = request;
        const { pathname, search } = new URL(request.url);
        const given = (await request.text()) || '{}';
        const { user_id: user = '', body = '' } = JSON.parse(given) as { user_id?: string; body?: string };
        const authorization = headers.get('authorization');
        posted.push({ user, key: headers.get('idempotency-key'), body, authorization });
        asked.push(`${method} ${pathname}${search} ${given}`);
        return new Response('{}', { status: await answer(user) });
      },
    });
    const store: Pick<OutboxStore, 'take' | 'markDelivered'> = {
      take: async (limit) => waiting.splice(0, limit),
      markDelivered: async (entries) => {
        delivered.push(...entries.map(({ userId }) => userId));
      },
    };
    const relay: Rounds = createRelay({
      store,
      call: createServiceCall({
        notificationUrl: service.url.origin,
        fileUrl: `${service.url.origin}/of-files`,
        headers: async () => ({ authorization: 'Bearer proof' }),
      }),
      metrics: createChatMetrics(new Registry()),
      log: silent,
    });
    opened.push(
      () => service.stop(true),
      () => relay.close(),
    );
    return { relay, posted, delivered, asked };
  };

  test('posts each mention with a token and a key of its own, and marks accepted ones as delivered', async () => {
    const { relay, posted, delivered } = start([mention('bob'), mention('carol'), mention('боб/🦊')], () => 201);
    relay.wake();
    await eventually(() => expect(delivered.toSorted()).toEqual(['bob', 'carol', 'боб/🦊']));
    expect(new Set(posted.map(({ key }) => key)).size).toBe(3);
    for (const { key, authorization } of posted) {
      expect(key).toMatch(/^[\x21-\x7e]{1,255}$/);
      expect(authorization).toBe('Bearer proof');
    }
  });

  test('posts the same mention with the same key', async () => {
    const bobs = mention('bob');
    const { relay, posted, delivered } = start([bobs, bobs], () => 200);
    relay.wake();
    await eventually(() => expect(delivered.length).toBe(2));
    expect(new Set(posted.map(({ key }) => key)).size).toBe(1);
  });

  test.each([500, 502, 503, 429])(
    'leaves what was answered with %d for another attempt, and marks the rest as delivered',
    async (status) => {
      const { relay, posted, delivered } = start([mention('bob'), mention('carol')], (user) =>
        user === 'bob' ? status : 201,
      );
      relay.wake();
      await eventually(() => expect(posted.length).toBe(2));
      await relay.close();
      expect(delivered).toEqual(['carol']);
    },
  );

  test.each([400, 409, 422])(
    'gives up an entry that was answered with %d, which a retry can not change',
    async (status) => {
      const { relay, delivered } = start([mention('bob')], () => status);
      relay.wake();
      await eventually(() => expect(delivered).toEqual(['bob']));
    },
  );

  test('sends edits and deletions to the notification service, and unused files to the file service', async () => {
    const [messageId, fileId] = [crypto.randomUUID(), crypto.randomUUID()];
    const [free, used] = [false, true].map((isFileUsed) => entry({ kind: 'file', userId: 'a b', fileId, isFileUsed }));
    const { relay, asked, delivered } = start(
      [
        entry({ kind: 'correction', messageId, mentioned: ['bob'], content: 'new' }),
        entry({ kind: 'retraction', messageId }),
        ...[free, used].flatMap((one) => one ?? []),
      ],
      () => 200,
    );
    relay.wake();
    await eventually(() => expect(delivered.length).toBe(4));
    expect(asked.toSorted()).toEqual([
      `DELETE /notifications/messages/${messageId}?seq=9 {}`,
      `DELETE /of-files/${fileId}?user_id=a+b {}`,
      `PUT /notifications/messages/${messageId} {"seq":9,"user_ids":["bob"],"body":"new"}`,
    ]);
  });

  test.each([
    ['retraction', 404, false],
    ['retraction', 405, false],
    ['correction', 503, false],
    ['retraction', 422, true],
    ['file', 404, true],
    ['file', 403, true],
    ['file', 503, false],
    ['file', 405, false],
  ] as const)('a %s that is answered with %d needs no further attempt: %p', async (kind, status, isDone) => {
    const { relay, asked, delivered } = start([entry({ kind, fileId: crypto.randomUUID() })], () => status);
    relay.wake();
    await eventually(() => expect(asked.length).toBe(1));
    await relay.close();
    expect(delivered.length).toBe(isDone ? 1 : 0);
  });

  test('clears a backlog of many batches in one go', async () => {
    const { relay, delivered } = start(
      Array.from({ length: 95 }, (_, index) => mention(`user ${index}`)),
      () => 201,
    );
    relay.wake();
    await eventually(() => expect(delivered.length).toBe(95));
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

  test('masks spoilers, when the message is written and when it is edited', async () => {
    const content = '@bob the butler ||did it||';
    const { relay, asked } = start([mention('bob', content), entry({ kind: 'correction', content })], () => 201);
    relay.wake();
    await eventually(() => expect(asked.length).toBe(2));
    for (const request of asked) {
      expect(request).toContain('@bob the butler ▒▒▒');
      expect(request).not.toContain('did it');
    }
  });

  test('ends its round before it closes, and does nothing after', async () => {
    const waiting = [mention('bob')];
    const { promise, resolve } = Promise.withResolvers<number>();
    const { relay, posted, delivered } = start(waiting, () => promise);
    relay.wake();
    await eventually(() => expect(posted.length).toBe(1));
    const closed = relay.close().then(() => delivered.length);
    resolve(201);
    expect(await closed).toBe(1);
    waiting.push(mention('carol'));
    relay.wake();
    await Bun.sleep(20);
    expect(posted.length).toBe(1);
  });
});
