/** 5,000 frames that no client should send: nothing dies, and each gets an error or an event. */
import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { parseFrame } from '../frames.ts';
import { tidyContent } from '../messages/rules.ts';
import { connect, type Frame, type TestClient } from '../testing/client.ts';
import { newRoom } from '../testing/http.ts';
import { startTestChat } from '../testing/server.ts';
import { MAX_FRAME_BYTES } from './sockets.ts';

const FRAMES = 5_000;
const CHUNK = 250;
const MARKER = 'the end of a chunk';

type Data = string | Uint8Array<ArrayBuffer>;

const KNOWN_ID = '0b6f4a4e-6c0f-4d0e-9a68-3f3f6ef1a001';

/** One frame of each kind, so that every kind of answer occurs. */
const oneOfEach: readonly Data[] = [
  ...['{', '[]', '{"type":"ack"}', '{"type":"edit"}', '{"type":"typing"}', '{"type":"stop_typing"}'],
  ...[
    { type: 'message', content: 'x' },
    { type: 'message', content: ' ' },
    { type: 'message', content: 'x'.repeat(8_001) },
    { type: 'message', content: 'x', client_id: '6d3c1f9a-54b1-4c8e-8a40-0f7f0d6f7a11' },
    { type: 'delete', id: KNOWN_ID },
  ].map((frame) => JSON.stringify(frame)),
];

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom('', ' ', '\0', '\ud83e', '@', '`'.repeat(500), 'x'.repeat(8_001), '🦊'.repeat(8_000), '__proto__'),
);
const anyValue = fc.oneof(
  anyText,
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(null, -1, 1e308, 2 ** 53, true, [], {}),
);
const uuid = fc.oneof(fc.uuid(), fc.constantFrom(KNOWN_ID, 'x', '', '\0'));
const mostly = <T>(good: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: good }, { weight: 1, arbitrary: anyValue });

/** Almost valid frames: names from the schemas, and values that mostly have the right type. */
const nearFrame = fc.record(
  {
    type: mostly(fc.constantFrom('message', 'edit', 'delete', 'typing', 'stop_typing', 'ack', 'user_joined')),
    content: mostly(anyText),
    id: mostly(uuid),
    client_id: mostly(uuid),
    message_type: mostly(fc.constantFrom('text', 'file', 'system', 'shout')),
    file_url: mostly(anyText),
    headers: anyValue,
    seq: anyValue,
  },
  { requiredKeys: [] },
);
const nearText = nearFrame.map((frame) => JSON.stringify(frame));
const brokenText = fc
  .tuple(nearText, fc.nat(200), fc.constantFrom('', '"', '{', '\\u0000', ','))
  .map(([text, at, noise]) => text.slice(0, at) + noise + text.slice(at + 1));
const anyData: fc.Arbitrary<Data> = fc
  .oneof(
    { weight: 6, arbitrary: nearText },
    { weight: 2, arbitrary: brokenText.map((text) => text.toWellFormed()) },
    { weight: 1, arbitrary: fc.jsonValue().map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => new Uint8Array(bytes)) },
    { weight: 1, arbitrary: nearText.map((text) => new TextEncoder().encode(text)) },
  )
  .filter((data) => Buffer.byteLength(data) <= MAX_FRAME_BYTES);

/** True of an empty message, which gets no answer. */
const isIgnored = (data: Data): boolean => {
  try {
    const frame = parseFrame(data);
    return frame.type === 'message' && tidyContent(frame.content) === '';
  } catch {
    return false;
  }
};

const isOf =
  (...types: string[]) =>
  ({ type }: Frame) =>
    types.includes(type);

/** Sends the frames, a chunk at a time, and waits until all have been answered. */
const sendAll = async (client: TestClient, frames: readonly Data[]) => {
  for (let start = 0; start < frames.length; start += CHUNK) {
    for (const data of frames.slice(start, start + CHUNK)) client.sendRaw(data);
    const content = `${MARKER} ${start}`;
    client.send({ type: 'message', content });
    await client.waitFor((frame) => frame.content === content);
  }
};

/** How many frames were answered: by an error, by their event, or by an ack. */
const countAnswers = (answers: readonly Frame[]): number => {
  const acks = answers.filter(isOf('ack'));
  const messages = answers.filter(isOf('message'));
  // A message with a client_id has an ack each time it is sent, and its event the first time.
  const acked = new Set(acks.map(({ id }) => id));
  const ofThemselves = messages.filter(({ id }) => !acked.has(id));
  return answers.filter(isOf('error', 'typing', 'stop_typing')).length + acks.length + ofThemselves.length;
};

test(`${FRAMES} random frames kill nothing, close nothing, and get an error or an event each`, async () => {
  const chat = await startTestChat({ FRAMES_PER_SECOND: '0', SOCKET_BUFFER_BYTES: '67108864' });
  const client = await connect(chat, { room: await newRoom(chat), user: 'fuzzer' });
  const frames = [...oneOfEach, ...fc.sample(anyData, { numRuns: FRAMES - oneOfEach.length })];
  await sendAll(client, frames);

  const answers = client.frames.filter(({ content }) => !content?.startsWith(MARKER));
  const ignored = frames.filter(isIgnored).length;
  expect(ignored).toBeGreaterThan(0);
  expect(countAnswers(answers)).toBe(FRAMES - ignored);

  // The frames were varied enough: every kind of answer came, and none was `internal`.
  const codes: string[] = answers.filter(isOf('error')).map(({ code }) => code ?? '');
  expect([...new Set(codes)].toSorted()).toEqual(
    [
      'content_too_long',
      'invalid_input',
      'invalid_json',
      'not_an_object',
      'unknown_message',
      'unknown_type',
    ].toSorted(),
  );
  for (const type of ['message', 'ack', 'typing', 'stop_typing']) expect(answers.some(isOf(type))).toBe(true);

  client.send({ content: 'a normal message' });
  expect(await client.waitFor(({ content }) => content === 'a normal message')).toMatchObject({ type: 'message' });
  expect((await fetch(`${chat.url}/health`)).status).toBe(200);
  await client.close();
  await chat.stop();
});
