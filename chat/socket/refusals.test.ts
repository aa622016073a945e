/** Frames that are refused. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { connect, type Frame } from '../testing/client.ts';
import { newRoom, say } from '../testing/http.ts';
import { startTestChat, type TestChat } from '../testing/server.ts';

const ID = '0b6f4a4e-6c0f-4d0e-9a68-3f3f6ef1a001';
const FRAME_LIMIT_BYTES = 64 * 1_024;

const isType = (type: string) => (frame: Frame) => frame.type === type;

describe('a bad frame', () => {
  let chat: TestChat;
  beforeAll(async () => {
    chat = await startTestChat();
  });
  afterAll(() => chat.stop());

  const bad: [string, string | Uint8Array<ArrayBuffer>, string][] = [
    ['no JSON', 'hello', 'invalid_json'],
    ['nothing at all', '', 'invalid_json'],
    ['bytes that are no UTF-8', new Uint8Array([0xff, 0xfe]), 'invalid_json'],
    ['a number', '5', 'not_an_object'],
    ['true', 'true', 'not_an_object'],
    ['null', 'null', 'not_an_object'],
    ['a list', '[{"content":"x"}]', 'not_an_object'],
    ['an unknown type', '{"type":"shout"}', 'unknown_type'],
    ['a type that is no text', '{"type":{"toString":1}}', 'unknown_type'],
    ['a message without content', '{"type":"message"}', 'invalid_input'],
    ['a number as content', '{"content":5}', 'invalid_input'],
    ['an unknown message_type', '{"content":"x","message_type":"shout"}', 'invalid_input'],
    ['a client_id that is no UUID', '{"content":"x","client_id":"1"}', 'invalid_input'],
    ['a NUL byte', '{"content":"a\\u0000b"}', 'invalid_input'],
    ['half a character', '{"content":"\\ud83e"}', 'invalid_input'],
    ['a NUL byte in a link', '{"content":"x","file_url":"\\u0000"}', 'invalid_input'],
    ['content of 8,001 characters', JSON.stringify({ content: 'x'.repeat(8_001) }), 'content_too_long'],
    ['an edit without an id', '{"type":"edit","content":"x"}', 'invalid_input'],
    ['an edit to nothing', JSON.stringify({ type: 'edit', id: ID, content: ' ' }), 'invalid_input'],
    ['an edit to too much', JSON.stringify({ type: 'edit', id: ID, content: 'x'.repeat(8_001) }), 'content_too_long'],
    ['a delete of nothing', '{"type":"delete"}', 'invalid_input'],
    ['a delete of what is not there', JSON.stringify({ type: 'delete', id: ID }), 'unknown_message'],
  ];
  test.each(bad)('that is %s is answered by an error, and the socket stays open', async (_, data, code) => {
    const client = await connect(chat);
    client.sendRaw(data);
    expect(await client.waitFor(isType('error'))).toMatchObject({ code, detail: expect.stringMatching(/.{10,}/) });
    client.send({ content: 'still here' });
    expect(await client.waitFor(isType('message'))).toMatchObject({ content: 'still here' });
    expect(client.frames.filter(isType('error')).length).toBe(1);
    await client.close();
  });

  test('in bytes is read like one in text', async () => {
    const client = await connect(chat);
    client.sendRaw(new TextEncoder().encode('{"content":"in bytes"}'));
    expect(await client.waitFor(isType('message'))).toMatchObject({ content: 'in bytes' });
    await client.close();
  });

  test('of more than 64 KB closes the socket with 1009; one of 64 KB is read', async () => {
    const client = await connect(chat);
    const frame = (bytes: number) =>
      JSON.stringify({ type: 'typing', x: '' }).replace('""', `"${'x'.repeat(bytes - 24)}"`);
    expect(frame(FRAME_LIMIT_BYTES).length).toBe(FRAME_LIMIT_BYTES);
    client.sendRaw(frame(FRAME_LIMIT_BYTES));
    await client.waitFor(isType('typing'));
    client.sendRaw(frame(FRAME_LIMIT_BYTES + 1));
    expect((await client.closed).code).toBe(1_009);
  });

  test('of 8,000 characters of any width is a message', async () => {
    const client = await connect(chat);
    const content = '🦊'.repeat(8_000);
    client.send({ content });
    expect(await client.waitFor(isType('message'))).toMatchObject({ content });
    await client.close();
  });
});

describe('flooding', () => {
  let chat: TestChat;
  beforeAll(async () => {
    chat = await startTestChat({ FRAMES_PER_SECOND: '20', FRAMES_BURST: '10' });
  });
  afterAll(() => chat.stop());

  test('gets the time until the next frame, and a client that waits can continue', async () => {
    const client = await connect(chat);
    await client.waitFor(isType('user_joined'));
    // Far more than the burst, so that tokens that are added while they are read don't suffice.
    for (let count = 0; count < 60; count += 1) client.send({ type: 'typing' });
    const error = await client.waitFor(isType('error'));
    expect(error).toEqual({
      ...{ type: 'error', code: 'rate_limited', detail: expect.stringContaining('ms') },
      retry_after_ms: expect.any(Number),
    });
    const { retry_after_ms: waitMs } = error;
    expect(waitMs).toBeGreaterThan(0);
    expect(waitMs).toBeLessThanOrEqual(50);
    await Bun.sleep(Number(waitMs) + 100);
    client.send({ content: 'patient' });
    expect(await client.waitFor(isType('message'))).toMatchObject({ content: 'patient' });
    await client.close();
  });

  test('without end is closed with 4029, and the others notice nothing', async () => {
    const room = await newRoom(chat);
    const [flooder, other] = [
      await connect(chat, { room, user: 'flooder' }),
      await connect(chat, { room, user: 'other' }),
    ];
    await flooder.waitFor(isType('user_joined'));
    await other.waitFor(isType('user_joined'));
    for (let count = 0; count < 300; count += 1) flooder.send({ type: 'typing' });
    expect((await flooder.closed).code).toBe(4_029);
    expect(flooder.frames.filter(({ code }) => code === 'rate_limited').length).toBeGreaterThan(90);
    await say(chat, room, 'calm');
    await other.waitFor(({ content }) => content === 'calm');
    expect(other.frames.filter(isType('typing')).length).toBeLessThan(60);
    await other.close();
  });

  test('at many times the rate is closed too, though some frames are accepted in between', async () => {
    const client = await connect(chat, { user: 'steady' });
    await client.waitFor(isType('user_joined'));
    const closed = client.closed.then(() => true);
    const pause = () => Promise.race([closed, Bun.sleep(10).then(() => false)]);
    while (!(await pause())) for (let count = 0; count < 5; count += 1) client.send({ type: 'typing' });
    expect((await client.closed).code).toBe(4_029);
    expect(client.frames.filter(isType('typing')).length).toBeGreaterThan(10);
  });

  test('before the socket is in its room is closed as well', async () => {
    const client = await connect(chat, { user: 'hasty' });
    for (let count = 0; count < 2_000; count += 1) client.send({ type: 'typing' });
    expect((await client.closed).code).toBe(4_029);
  });
});

test('a rate of 0 is no limit', async () => {
  const chat = await startTestChat({ FRAMES_PER_SECOND: '0' });
  const client = await connect(chat);
  await client.waitFor(isType('user_joined'));
  for (let count = 0; count < 1_000; count += 1) client.send({ type: 'typing' });
  await client.joined();
  expect(client.frames.filter(isType('error'))).toEqual([]);
  await client.close();
  await chat.stop();
});
