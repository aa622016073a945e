/** Routes of typing. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { RunningService } from '@parley/kit/process/run';
import { describeBackends, startReplica } from '../testing/backends.ts';

describeBackends('typing over HTTP', (url) => {
  let service: RunningService;
  beforeAll(async () => {
    service = await startReplica(url());
  });
  afterAll(() => service.stop());

  const call = async (method: string, path: string) => {
    const response = await fetch(service.url + path, { method });
    return { status: response.status, body: await response.json() };
  };

  test('a person who types is listed in the room until they stop', async () => {
    const room = `room:${crypto.randomUUID()}`;
    const query = `room_id=${room}`;
    const list = `/presence/rooms/${room}/typing`;
    const ok = { status: 200, body: { status: 'ok' } };
    expect(await call('GET', list)).toEqual({ status: 200, body: [] });
    expect(await call('POST', `/presence/svc:ann/typing?${query}&username=Ann`)).toEqual(ok);
    expect(await call('POST', `/presence/bob/typing?${query}`)).toEqual(ok);
    expect(await call('GET', list)).toEqual({
      status: 200,
      body: [
        { user_id: 'svc:ann', username: 'Ann', room_id: room },
        { user_id: 'bob', username: 'bob', room_id: room },
      ],
    });
    expect(await call('DELETE', `/presence/svc:ann/typing?${query}`)).toEqual(ok);
    expect((await call('GET', list)).body).toEqual([{ user_id: 'bob', username: 'bob', room_id: room }]);
  });

  for (const [method, path, detail] of [
    ['POST', '/presence/ann/typing', 'room_id'],
    ['DELETE', '/presence/ann/typing?room_id=', 'query room_id: wants a room id'],
    ['GET', '/presence/rooms/%01/typing', 'path room_id: wants a room id'],
  ] as const)
    test(`${method} ${path} is refused with the reason`, async () => {
      const refused = { detail: expect.stringContaining(detail), code: 'invalid_input' };
      expect(await call(method, path)).toEqual({ status: 422, body: refused });
    });
});
