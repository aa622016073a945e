/** The services as this front end calls them: one typed function per call, all over their public HTTP APIs. */
import type { Message } from '@parley/chat/messages/rules';
import type { Room, Unread } from '@parley/chat/rooms/rules';
import type { Notification } from '@parley/notification/notifications/notification';
import type { Person as Present } from '@parley/presence/people/rules';
import type { ObserveCall } from '../metrics.ts';
import { type Answer, type Call, createCall } from './call.ts';

export type { Message, Notification, Room, Unread };

export interface UploadedFile {
  readonly id: string;
  readonly original_name: string;
  readonly content_type: string;
  readonly size_bytes: number;
  readonly download_url: string;
  readonly width?: number | null;
  readonly height?: number | null;
}

export type Health = Record<string, string>;

export const serviceNames = ['chat', 'presence', 'notification', 'file'] as const;
export type ServiceName = (typeof serviceNames)[number];

export interface ServiceAddresses {
  readonly chatUrl: string;
  readonly presenceUrl: string;
  readonly notificationUrl: string;
  readonly fileUrl: string;
  readonly upstreamTimeoutMs: number;
}

const UPLOAD_TIMEOUT_MS = 60_000;

const query = (fields: Record<string, string | number | undefined>): string => {
  const given = Object.entries(fields).filter((field): field is [string, string | number] => field[1] !== undefined);
  return given.length === 0 ? '' : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
};

const segment = encodeURIComponent;

const chatClient = (call: Call) => ({
  rooms: () => call<Room[]>('/rooms'),
  room: (id: string) => call<Room>(`/rooms/${segment(id)}`),
  createRoom: (room: { id: string; name: string; description?: string }) =>
    call<Room>('/rooms', { method: 'POST', body: room }),
  messages: (room: string, page: { limit: number; before?: number | undefined; after?: number | undefined }) =>
    call<Message[]>(`/rooms/${segment(room)}/messages${query(page)}`),
  message: (room: string, id: string) => call<Message>(`/rooms/${segment(room)}/messages/${segment(id)}`),
  send: (room: string, message: Record<string, unknown>) =>
    call<Message>(`/rooms/${segment(room)}/messages`, { method: 'POST', body: message }),
  edit: (room: string, id: string, userId: string, content: string) =>
    call<Message>(`/rooms/${segment(room)}/messages/${segment(id)}`, {
      method: 'PATCH',
      body: { user_id: userId, content },
    }),
  remove: (room: string, id: string, userId: string) =>
    call<unknown>(`/rooms/${segment(room)}/messages/${segment(id)}${query({ user_id: userId })}`, { method: 'DELETE' }),
  unread: (userId: string) => call<Unread[]>(`/unread${query({ user_id: userId })}`),
  markRead: (room: string, userId: string, position: number) =>
    call<unknown>(`/rooms/${segment(room)}/read`, { method: 'PUT', body: { user_id: userId, position } }),
});

const presenceClient = (call: Call) => ({
  online: (limit: number) => call<Present[]>(`/presence${query({ limit })}`),
  heartbeat: (userId: string, username: string, device: string) =>
    call<unknown>(`/presence/${segment(userId)}/heartbeat${query({ username, device })}`, { method: 'POST' }),
  goOffline: (userId: string, device: string | undefined) =>
    call<unknown>(`/presence/${segment(userId)}/offline${query({ device })}`, { method: 'POST' }),
});

const notificationClient = (call: Call) => ({
  list: (userId: string) => call<Notification[]>(`/notifications/${segment(userId)}?limit=50`),
  unreadCount: (userId: string) => call<{ unread_count: number }>(`/notifications/${segment(userId)}/unread-count`),
  markRead: (id: string) => call<unknown>(`/notifications/${segment(id)}/read`, { method: 'PATCH' }),
  markAllRead: (userId: string) => call<unknown>(`/notifications/${segment(userId)}/read-all`, { method: 'PATCH' }),
  /** Those about messages of the room at most at this position. */
  markRoomRead: (userId: string, room: string, upTo: number) =>
    call<unknown>(`/notifications/${segment(userId)}/read-room${query({ room_id: room, up_to: upTo })}`, {
      method: 'PATCH',
    }),
  remove: (id: string) => call<unknown>(`/notifications/${segment(id)}`, { method: 'DELETE' }),
  pushKey: () => call<unknown>('/push/key'),
  pushSubscription: (method: 'POST' | 'DELETE', body: unknown) =>
    call<unknown>('/push/subscriptions', { method, body }),
});

const fileClient = (call: Call) => ({
  upload: (file: File, uploadedBy: string, room: string) => {
    const body = new FormData();
    body.set('file', file);
    return call<UploadedFile>(`/upload${query({ uploaded_by: uploadedBy, room_id: room })}`, { method: 'POST', body });
  },
});

/** The services for one visitor: `token` proves to them who acts. */
export interface Services {
  readonly chat: ReturnType<typeof chatClient>;
  readonly presence: ReturnType<typeof presenceClient>;
  readonly notification: ReturnType<typeof notificationClient>;
  readonly file: ReturnType<typeof fileClient>;
  /** Every service's own account of its health. */
  health(): Promise<readonly { name: ServiceName; answer: Answer<Health>; tookMs: number }[]>;
}

export type ServicesFor = (token?: string) => Services;

/** @param observe told of every call */
export const createServices = (addresses: ServiceAddresses, observe: ObserveCall): ServicesFor => {
  const { chatUrl, presenceUrl, notificationUrl, fileUrl, upstreamTimeoutMs } = addresses;
  const urls = { chat: chatUrl, presence: presenceUrl, notification: notificationUrl, file: fileUrl };

  const callTo = (name: ServiceName, timeoutMs: number, token?: string): Call =>
    createCall({
      baseUrl: urls[name],
      timeoutMs,
      token,
      observe: (outcome, seconds) => observe(name, outcome, seconds),
    });

  const readHealth = async (name: ServiceName) => {
    const startedAt = performance.now();
    const answer = await callTo(name, upstreamTimeoutMs)<Health>('/health');
    return { name, answer, tookMs: Math.round(performance.now() - startedAt) };
  };

  return (token) => {
    const to = (name: ServiceName, timeoutMs = upstreamTimeoutMs) => callTo(name, timeoutMs, token);
    return {
      chat: chatClient(to('chat')),
      presence: presenceClient(to('presence')),
      notification: notificationClient(to('notification')),
      file: fileClient(to('file', UPLOAD_TIMEOUT_MS)),
      health: () => Promise.all(serviceNames.map(readHealth)),
    };
  };
};
