import { expect, test } from 'bun:test';
import { getRoom, listRooms } from '@parley/client/api/chat';
import { createHttp } from '@parley/client/http';
import { startUpstreams } from './upstreams.ts';

const callTo = (chat = '') => createHttp({ urls: { chat } });

test('the fake services answer and fail by their contracts', async () => {
  const upstreams = startUpstreams();
  const call = callTo(upstreams.env.CHAT_URL);
  expect(await call(listRooms, {})).toEqual(upstreams.world.rooms);
  expect(await call(getRoom, { room_id: 'general' })).toMatchObject({ id: 'general', last_seq: 3 });
  await expect(call(getRoom, { room_id: 'nowhere' })).rejects.toMatchObject({ status: 404, code: 'unknown_room' });
  await expect(call(getRoom, { room_id: 'no id' })).rejects.toMatchObject({ status: 422, code: 'invalid_input' });
  await upstreams.stop();
});

test('an answer that violates its contract fails the test', async () => {
  const upstreams = startUpstreams();
  upstreams.world.rooms = [{ id: 'no id', name: 'x', description: null, last_seq: 0 }];
  await expect(callTo(upstreams.env.CHAT_URL)(listRooms, {})).rejects.toMatchObject({ status: 422 });
  await expect(upstreams.stop()).rejects.toThrow('Answers violated their contracts:\nGET');
});
