/** For tests: requests to a service's API. */
import { createRoom, type Message, type SendMessageArgs, sendMessage } from '@parley/client/api/chat';
import { type Call, createHttp, type HttpOptions } from '@parley/client/http';
import { Value } from '@sinclair/typebox/value';
import type { Static, TSchema } from 'elysia';

export interface Answer<T = unknown> {
  readonly status: number;
  readonly body: T;
}

/** Sends one request. @param body a string is sent unchanged, any other value as JSON */
export const request = async (
  { url }: { readonly url: string },
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> => {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
};

/** Checks an answer against a schema, and types it. @throws when the body doesn't match */
export const checked = async <S extends TSchema>(schema: S, answering: Promise<Answer>): Promise<Answer<Static<S>>> => {
  const { status, body } = await answering;
  if (!Value.Check(schema, body)) throw new Error(`${status} ${JSON.stringify(body)} is not of its schema`);
  return { status, body };
};

/** A client of the services. @param headers sent with every call */
export const callTo = (urls: HttpOptions['urls'], headers: Record<string, string> = {}): Call => {
  const call = createHttp({ urls });
  return (endpoint, args) => call(endpoint, args, { headers });
};

/** Creates a room for one test. @param messages how many messages of alice it has @returns its id */
export const newRoom = async (chat: { readonly url: string }, messages = 0): Promise<string> => {
  const id = crypto.randomUUID();
  await callTo({ chat: chat.url })(createRoom, { id, name: id });
  for (let count = 1; count <= messages; count += 1) await say(chat, id, `message ${count}`);
  return id;
};

/** Sends a message over HTTP. */
export const say = (
  chat: { readonly url: string },
  room_id: string,
  content: string,
  more: Partial<SendMessageArgs> = {},
  headers: Record<string, string> = {},
): Promise<Message> =>
  callTo({ chat: chat.url }, headers)(sendMessage, { room_id, user_id: 'alice', username: 'Alice', content, ...more });
