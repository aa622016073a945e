/** The services' public APIs as the page calls them, on its own origin. */
import type { Message } from '@parley/chat/messages/rules';
import type { Mentionable, Room, Unread } from '@parley/chat/rooms/rules';
import type { Person } from '@parley/presence/people/rules';

/** A call that failed, in words for a person. */
export class CallFailed extends Error {
  /** The same call may work in a moment. */
  readonly isPassing: boolean;

  constructor(message: string, status: number, options?: ErrorOptions) {
    super(message, options);
    this.isPassing = status === 0 || status === 429 || status >= 500;
  }
}

/** What failed, for a person. */
export const inWords = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const TIMEOUT_MS = 8_000;
const NO_ANSWER = 'There is no connection at the moment';

const detailOf = async (response: Response): Promise<string> => {
  // A gateway's page, say, is no JSON: the status is all that it tells.
  const body = (await response.json().catch(() => undefined)) as { detail?: unknown } | undefined;
  return typeof body?.detail === 'string' ? body.detail : `The server answered ${response.status}`;
};

/** @param options of the request. @throws {CallFailed} */
export const call = async <T>(
  path: string,
  method = 'GET',
  body?: unknown,
  options: Pick<RequestInit, 'keepalive'> = {},
): Promise<T> => {
  const sent =
    body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  let response: Response;
  try {
    response = await fetch(path, { method, signal: AbortSignal.timeout(TIMEOUT_MS), ...options, ...sent });
    if (response.ok) return (await response.json()) as T;
  } catch (error) {
    // An answer that breaks off, or isn't of the service (a hotel's page to log in on), is none.
    throw new CallFailed(NO_ANSWER, 0, { cause: error });
  }
  throw new CallFailed(await detailOf(response), response.status);
};

const segment = encodeURIComponent;
const inRoom = (room: string, rest: string): string => `/api/chat/rooms/${segment(room)}/${rest}`;

export const messagesBefore = (room: string, position: number | undefined, limit: number): Promise<Message[]> =>
  call(inRoom(room, `messages?limit=${limit}${position === undefined ? '' : `&before=${position}`}`));

export const messagesAfter = (room: string, position: number, limit: number): Promise<Message[]> =>
  call(inRoom(room, `messages?limit=${limit}&after=${position}`));

export const readMessage = (room: string, id: string): Promise<Message> =>
  call(inRoom(room, `messages/${segment(id)}`));

export const editMessage = (room: string, id: string, userId: string, content: string): Promise<Message> =>
  call(inRoom(room, `messages/${segment(id)}`), 'PATCH', { user_id: userId, content });

export const deleteMessage = (room: string, id: string, userId: string): Promise<unknown> =>
  call(inRoom(room, `messages/${segment(id)}?user_id=${segment(userId)}`), 'DELETE');

/** For what was written in a room that isn't open. */
export const sendMessage = (room: string, message: Record<string, unknown>): Promise<Message> =>
  call(inRoom(room, 'messages'), 'POST', message);

/** Also from a page that is being left. */
export const markRead = (room: string, userId: string, position: number): Promise<unknown> =>
  call(inRoom(room, 'read'), 'PUT', { user_id: userId, position }, { keepalive: true });

export const mentionable = (room: string, beginning: string): Promise<Mentionable[]> =>
  call(inRoom(room, `mentionable?limit=8&q=${segment(beginning)}`));

export const unread = (userId: string): Promise<Unread[]> => call(`/api/chat/unread?user_id=${segment(userId)}`);

export const rooms = (): Promise<Room[]> => call('/api/chat/rooms');

export const unreadNotifications = (userId: string): Promise<{ unread_count: number }> =>
  call(`/api/notifications/${segment(userId)}/unread-count`);

export const online = (limit: number): Promise<Person[]> => call(`/api/presence?limit=${limit}`);

export const heartbeat = (userId: string, name: string, device: string): Promise<unknown> =>
  call(`/api/presence/${segment(userId)}/heartbeat?username=${segment(name)}&device=${segment(device)}`, 'POST');

export const offlinePath = (userId: string, device: string): string =>
  `/api/presence/${segment(userId)}/offline?device=${segment(device)}`;

export const uploadPath = (userId: string, room: string): string =>
  `/api/files/upload?uploaded_by=${segment(userId)}&room_id=${segment(room)}`;
