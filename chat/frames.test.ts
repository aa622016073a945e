import { describe, expect, test } from 'bun:test';
import { Failure } from '@parley/kit/errors/failure';
import { Value } from '@sinclair/typebox/value';
import fc from 'fast-check';
import { errors } from './errors.ts';
import { changeFrame, errorFrame, parseFrame, serverFrames } from './frames.ts';
import type { Message } from './messages/rules.ts';

const ID = '0b6f4a4e-6c0f-4d0e-9a68-3f3f6ef1a001';
const CLIENT_ID = '6d3c1f9a-54b1-4c8e-8a40-0f7f0d6f7a11';

const parse = (frame: unknown) => parseFrame(JSON.stringify(frame));

const failureOf = (data: string | Uint8Array): Failure => {
  try {
    parseFrame(data);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('The frame was taken');
};

const invalid = (frame: unknown): Failure => failureOf(JSON.stringify(frame));

describe('a frame of a client', () => {
  const valid: [string, Record<string, unknown>][] = [
    ['a message', { type: 'message', content: 'Hello!' }],
    [
      'a message with everything',
      {
        type: 'message',
        content: 'cat.png',
        message_type: 'file',
        file_url: '/api/files/123/download',
        client_id: CLIENT_ID,
      },
    ],
    ['a message with nulls where nothing is meant', { type: 'message', content: '', file_url: null, client_id: null }],
    ['a system message', { type: 'message', content: 'x', message_type: 'system' }],
    ['an edit', { type: 'edit', id: ID, content: 'Hello, all!' }],
    ['a delete', { type: 'delete', id: ID }],
    ['typing', { type: 'typing' }],
    ['stop_typing', { type: 'stop_typing' }],
  ];
  test.each(valid)('%s is accepted unchanged', (_, frame) => {
    expect(parse(frame)).toEqual(frame as never);
    expect(parseFrame(new TextEncoder().encode(JSON.stringify(frame)))).toEqual(frame as never);
  });

  test('without a type is a message', () => {
    expect(parse({ content: 'Hello!' })).toEqual({ type: 'message', content: 'Hello!' });
  });

  test('may have unknown fields with any values', () => {
    const unknown = { headers: { 'HX-Request': 'true' }, chat_message: '\0', half: '\ud83e', type2: [1] };
    expect(parse({ type: 'message', content: 'Hello!', ...unknown })).toMatchObject({ content: 'Hello!' });
    expect(parse({ type: 'typing', content: 5, ...unknown })).toMatchObject({ type: 'typing' });
  });

  test.each(['', '{', 'hello', '{"type":"typing"', '{type:"typing"}', "{'type':'typing'}", '\0', 'undefined', 'NaN'])(
    '%j is no JSON',
    (text) => {
      expect(failureOf(text).code).toBe('invalid_json');
      expect(failureOf(new TextEncoder().encode(text)).code).toBe('invalid_json');
    },
  );

  test('is no JSON either when its bytes are not UTF-8', () => {
    const bytes = new TextEncoder().encode('{"type":"message","content":"x"}');
    expect(parseFrame(bytes)).toMatchObject({ content: 'x' });
    bytes[bytes.indexOf(0x78)] = 0xff;
    expect(failureOf(bytes).code).toBe('invalid_json');
  });

  test.each(['1', 'true', 'null', '"typing"', '[]', '[{"type":"typing"}]'])('%s is JSON but no object', (text) => {
    expect(failureOf(text).code).toBe('not_an_object');
  });

  const types = ['""', '"shout"', '"Message"', '"ack"', '"constructor"', '"__proto__"', 'null', '1', '{"toString":1}'];
  test.each([...types, '["typing"]'])('the type %s is unknown, and the refusal names those there are', (type) => {
    const failure = failureOf(`{"type":${type},"content":"x","client_id":"${CLIENT_ID}"}`);
    expect(failure).toMatchObject({ code: 'unknown_type', fields: { client_id: CLIENT_ID } });
    expect(failure.detail).toContain('message, edit, delete, typing, stop_typing');
  });

  const wrong: [string, Record<string, unknown>][] = [
    ['content', { type: 'message' }],
    ['content', { type: 'message', content: null }],
    ['content', { type: 'message', content: 5 }],
    ['content', { type: 'message', content: ['x'] }],
    ['message_type', { type: 'message', content: 'x', message_type: 'shout' }],
    ['message_type', { type: 'message', content: 'x', message_type: null }],
    ['file_url', { type: 'message', content: 'x', file_url: 5 }],
    ['file_url', { type: 'message', content: 'x', file_url: 'x'.repeat(2_001) }],
    ['client_id', { type: 'message', content: 'x', client_id: '5' }],
    ['client_id', { type: 'message', content: 'x', client_id: 5 }],
    ['client_id', { type: 'message', content: 'x', client_id: `${CLIENT_ID}0` }],
    ['id', { type: 'edit', content: 'x' }],
    ['id', { type: 'edit', id: 'x', content: 'x' }],
    ['content', { type: 'edit', id: ID }],
    ['content', { type: 'edit', id: ID, content: {} }],
    ['id', { type: 'delete' }],
    ['id', { type: 'delete', id: 5 }],
    ['id', { type: 'delete', id: [ID] }],
  ];
  test.each(wrong)('a wrong %s is named: %j', (field, frame) => {
    const failure = invalid(frame);
    expect(failure.code).toBe('invalid_input');
    expect(failure.detail).toStartWith(`${field}: `);
  });

  test('a value that is not in the list is answered with the list', () => {
    const { detail } = invalid({ type: 'message', content: 'x', message_type: 'video' });
    expect(detail).toBe('message_type: wants one of text, file, system');
  });

  test.each(['a\0b', '\ud83e', '\udd8a\ud83e'])('text that no store can hold is refused in each field: %j', (text) => {
    const frames = [
      { type: 'message', content: text },
      { type: 'message', content: 'x', file_url: text },
      { type: 'edit', id: ID, content: text },
    ];
    for (const frame of frames) expect(invalid(frame).code).toBe('invalid_input');
  });

  test('that is refused is named by its client_id and id, if these can be sent back', () => {
    expect(invalid({ type: 'edit', id: ID }).fields).toEqual({ id: ID });
    expect(invalid({ type: 'message', client_id: 'mine' }).fields).toEqual({ client_id: 'mine' });
    expect(invalid({ type: 'message', content: 'x', client_id: 'mine' }).detail).toBe('client_id: wants a UUID');
    for (const id of [5, null, 'x'.repeat(65), '\ud83e', { a: 1 }])
      expect(invalid({ type: 'edit', id }).fields).toEqual({});
  });

  test('of any JSON is taken or refused with a code, never anything else', () => {
    const anyFrame = fc.record(
      {
        type: fc.oneof(fc.constantFrom('message', 'edit', 'delete', 'typing'), fc.jsonValue()),
        content: fc.jsonValue(),
        id: fc.oneof(fc.constant(ID), fc.jsonValue()),
        client_id: fc.jsonValue(),
        file_url: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    const bytes = fc.uint8Array({ maxLength: 40 });
    const texts = fc.oneof(fc.jsonValue(), anyFrame).map((value) => JSON.stringify(value));
    const codes = ['invalid_json', 'not_an_object', 'unknown_type', 'invalid_input'];
    const codeOf = (data: string | Uint8Array) => {
      try {
        return parseFrame(data).type;
      } catch (error) {
        return error instanceof Failure ? error.code : String(error);
      }
    };
    fc.assert(
      fc.property(fc.oneof(texts, bytes), (data) => {
        expect([...codes, 'message', 'edit', 'delete', 'typing', 'stop_typing']).toContain(codeOf(data));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a frame of the service', () => {
  const message: Message = {
    id: ID,
    room_id: 'general',
    user_id: 'alice',
    username: 'Alice',
    content: 'Hello!',
    message_type: 'text',
    file_url: null,
    created_at: '2026-01-31T12:00:00.000Z',
    position: 42,
    seq: 42,
    mentions: [],
    edited_at: null,
    deleted_at: null,
  };

  test('has a new message with the fields of the contract', () => {
    const { created_at: timestamp, deleted_at: _, ...fields } = message;
    const frame = changeFrame(message, true);
    expect(frame).toEqual({ type: 'message', ...fields, timestamp });
    expect(Value.Check(serverFrames.message, frame)).toBe(true);
  });

  test('has the fields of the contract only, whatever else a message has', () => {
    for (const isFirst of [true, false]) {
      const frame = changeFrame({ ...message, secret: 'not yours' } as Message, isFirst);
      expect(Object.keys(frame).toSorted()).toEqual(Object.keys(serverFrames.message.properties).toSorted());
    }
  });

  test('tells a known message as edited', () => {
    const edited = { ...message, content: 'Hello, all!', seq: 43, edited_at: '2026-01-31T12:01:00.000Z' };
    const frame = changeFrame(edited, false);
    expect(frame).toMatchObject({ type: 'message_edited', content: 'Hello, all!', position: 42, seq: 43 });
    expect(Value.Check(serverFrames.message_edited, frame)).toBe(true);
  });

  test.each([true, false])('tells a deleted message as deleted and shows nothing of it (first: %p)', (isFirst) => {
    const deleted = { ...message, content: '', seq: 44, deleted_at: '2026-01-31T12:02:00.000Z' };
    const frame = changeFrame(deleted, isFirst);
    expect(frame.type).toBe('message_deleted');
    expect(frame).not.toHaveProperty('content');
    expect(frame).not.toHaveProperty('username');
    expect(Value.Check(serverFrames.message_deleted, frame)).toBe(true);
  });

  test('tells an error with its code, its detail and what names the frame', () => {
    const failure = new Failure(errors.rate_limited, 'Wait', { fields: { retry_after_ms: 10, client_id: CLIENT_ID } });
    const frame = errorFrame(failure);
    expect(frame).toEqual({
      type: 'error',
      code: 'rate_limited',
      detail: 'Wait',
      retry_after_ms: 10,
      client_id: CLIENT_ID,
    });
    expect(Value.Check(serverFrames.error, frame)).toBe(true);
  });
});
