/** The features of the suite, used through the gateway. */
import { expect, test } from 'bun:test';
import { connect, type TestClient } from '@parley/chat/testing/client';
import { uploadFile } from '@parley/client/api/file';
import { createHttp } from '@parley/client/http';
import { eventually } from '@parley/testing/time/eventually';
import { openBucket } from '../../deploy/bucket.ts';
import { apis } from '../../services.ts';
import { docker } from './docker.ts';
import type { Stack } from './stack.ts';

const post = (url: string, body: object): Promise<Response> =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

const says =
  (content: string) =>
  ({ type, ...frame }: { type: string; content?: string }): boolean =>
    type === 'message' && frame.content === content;

const TIMEOUT_MS = 60_000;

export const featureTests = (stack: () => Stack): void => {
  const redis = (...command: string[]) => stack().compose('exec', '-T', 'redis', 'redis-cli', ...command);
  const join = (user: string): Promise<TestClient> =>
    connect({ wsUrl: stack().origin.replace('http', 'ws') }, { user, username: user });

  test(
    'the page, the docs and the APIs answer, without internet',
    async () => {
      const { origin } = stack();
      for (const path of ['/', '/api/chat/rooms', '/api/presence', '/api/notifications/alice', '/api/files/files'])
        expect({ path, status: (await fetch(origin + path)).status }).toEqual({ path, status: 200 });
      for (const [, path] of apis) {
        const prefix = origin + path;
        expect(await (await fetch(`${prefix}/docs`)).text()).not.toMatch(/(src|href)="(https?:)?\/\//);
        expect((await fetch(`${prefix}/docs/swagger-ui-bundle.js`)).status).toBe(200);
        expect((await fetch(`${prefix}/openapi.json`)).status).toBe(200);
        expect(await (await fetch(`${prefix}/health`)).json()).toMatchObject({ status: 'healthy' });
      }
    },
    TIMEOUT_MS,
  );

  test(
    'people on different replicas talk',
    async () => {
      const people = await Promise.all(['alice', 'bob', 'carol', 'dave'].map(join));
      const replicas = await stack().containers('chat');
      expect(replicas).toHaveLength(2);
      for (const replica of replicas)
        expect(await stack().inside(replica, 9464, '/metrics')).toMatch(/^parley_chat_sockets\{[^}]*\} [1-9]/m);
      people[0]?.send({ type: 'message', content: 'to everyone, everywhere' });
      for (const person of people) await person.waitFor(says('to everyone, everywhere'));
      for (const person of people) await person.close();
    },
    TIMEOUT_MS,
  );

  test(
    'a file goes up and comes down, and its bytes are in the bucket',
    async () => {
      const note = new File(['a small text'], 'note.txt', { type: 'text/plain' });
      const call = createHttp({ baseUrl: stack().origin });
      const { download_url } = await call(uploadFile, { file: note, uploaded_by: 'alice' });
      expect(await (await fetch(stack().origin + download_url)).text()).toBe('a small text');
      expect(await openBucket(stack().env).keys()).not.toBeEmpty();
    },
    TIMEOUT_MS,
  );

  test(
    'redis-cli shows the chat live and who is online, psql the tables',
    async () => {
      const listener = docker(
        ['compose', 'exec', '-T', 'redis', 'timeout', '20', 'redis-cli', 'SUBSCRIBE', 'room:general'],
        { cwd: `${import.meta.dir}/../..`, env: stack().env, mayFail: true, untilPrinted: 'seen by redis-cli' },
      );
      await eventually(async () => expect(await redis('PUBSUB', 'NUMSUB', 'room:general')).toContain('1'));
      const { origin } = stack();
      const said = await post(`${origin}/api/chat/rooms/general/messages`, {
        user_id: 'alice',
        content: 'seen by redis-cli',
      });
      expect(said.status).toBe(201);
      expect(await listener).toContain('"type":"message"');

      await fetch(`${origin}/api/presence/alice/heartbeat?username=alice`, { method: 'POST' });
      expect(await redis('KEYS', 'presence:user:*')).toContain('presence:user:alice');
      expect(Number(await redis('TTL', 'presence:user:alice'))).toBeGreaterThan(0);
      expect(
        await stack().compose('exec', '-T', 'postgres', 'psql', '-U', 'postgres', '-d', 'chat', '-c', '\\dt chat.*'),
      ).toContain('messages');
    },
    TIMEOUT_MS,
  );

  test(
    'Redis goes and comes back: the chat goes on, and nobody restarts anything',
    async () => {
      const [alice, bob] = await Promise.all([join('alice'), join('bob')]);
      const heartbeat = () =>
        fetch(`${stack().origin}/api/presence/alice/heartbeat?username=alice`, { method: 'POST' });
      await stack().compose('stop', 'redis');
      alice.send({ type: 'message', content: 'while redis is away' });
      await bob.waitFor(says('while redis is away'));
      expect((await heartbeat()).status).toBe(503);
      await stack().compose('start', 'redis');
      await eventually(async () => expect((await heartbeat()).status).toBe(200));
      bob.send({ type: 'message', content: 'and back' });
      await alice.waitFor(says('and back'));
      for (const client of [alice, bob]) await client.close();
    },
    TIMEOUT_MS,
  );
};
