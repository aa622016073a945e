/** For tests: requests to a service's API. */
import type { Message } from '../messages/rules.ts';

export interface Answer<T> {
  readonly status: number;
  readonly body: T;
}

/** Sends one request. @param body a text is sent as it is, anything else as JSON */
export const request = async <T = Record<string, unknown>>(
  { url }: { readonly url: string },
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer<T>> => {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as T };
};

/** Makes a room of the test's own, with as many messages of alice's. @returns its id */
export const newRoom = async (chat: { readonly url: string }, messages = 0): Promise<string> => {
  const id = crypto.randomUUID();
  const { status } = await request(chat, 'POST', '/rooms', { id, name: id });
  if (status !== 201) throw new Error(`The room was not made: ${status}`);
  for (let count = 1; count <= messages; count += 1) await say(chat, id, `message ${count}`);
  return id;
};

/** Sends a message over HTTP. */
export const say = async (
  chat: { readonly url: string },
  room: string,
  content: string,
  more = {},
  headers: Record<string, string> = {},
): Promise<Message> => {
  const body = { user_id: 'alice', username: 'Alice', content, ...more };
  const answer = await request<Message>(chat, 'POST', `/rooms/${room}/messages`, body, headers);
  if (answer.status > 201) throw new Error(`The message was not taken: ${answer.status}`);
  return answer.body;
};
