import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { connect } from './client.ts';
import { startTestChat, type TestChat } from './server.ts';

describe('the test client', () => {
  let chat: TestChat;
  beforeAll(async () => {
    chat = await startTestChat();
  });
  afterAll(() => chat.stop());

  test('keeps the frames it gets, and waits for one', async () => {
    const client = await connect(chat, { user: 'alice', username: 'Alice' });
    client.send({ type: 'message', content: 'Hello!' });
    expect(await client.waitFor(({ type }) => type === 'message')).toMatchObject({
      content: 'Hello!',
      username: 'Alice',
    });
    await client.joined();
    await client.waitFor(({ type }) => type === 'user_joined');
    expect(client.frames.map(({ type }) => type).toSorted()).toEqual(['message', 'user_joined']);
    expect(await client.close()).toMatchObject({ code: 1_000 });
  });

  test('waiting ends with an error when the frame does not come, or the socket is closed', async () => {
    const client = await connect(chat, { room: 'nowhere' });
    expect(client.waitFor(() => false)).rejects.toThrow('4004');
    expect(await client.closed).toMatchObject({ code: 4_004 });
    const patient = await connect(chat);
    expect(patient.waitFor(() => false, 20)).rejects.toThrow('20 ms');
    await patient.close();
  });
});
