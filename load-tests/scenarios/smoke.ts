/**
 * Every endpoint of every service and a socket, once, through the gateway. Held to the services' own OpenAPI documents: an operation
 * that isn't called here is a failure.
 */
import { check, fail } from 'k6';
import crypto from 'k6/crypto';
import http from 'k6/http';
import type { Options } from 'k6/options';
import { clearTimeout, setTimeout } from 'k6/timers';
import { WebSocket } from 'k6/websockets';
import type { ServerFrame } from '../../client/api/frames.ts';
import { type Answer, type Api, openApi } from './api.ts';
import { origin, proofOf, results, socketUrl } from './origin.ts';
import { reportOf, type Summary } from './report.ts';

export const options: Options = {
  scenarios: { smoke: { executor: 'per-vu-iterations', vus: 1, iterations: 1, maxDuration: '60s' } },
  thresholds: { checks: ['rate==1'] },
};

/** As many random bytes as hexadecimal digits. */
const random = (bytes: number): string =>
  [...new Uint8Array(crypto.randomBytes(bytes))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** A random one, of version 4. */
const uuid = (): string => `${random(4)}-${random(2)}-4${random(2).slice(1)}-8${random(2).slice(1)}-${random(6)}`;

const field = (answer: Answer, name: string): string => String(answer.json(name));

const user = `smoke-${random(4)}`;
const room = `smoke-${random(4)}`;
const SOCKET_TIMEOUT_MS = 10_000;

const useChat = (chat: Api): void => {
  chat.call('GET /health', 200);
  chat.call('GET /rooms', 200);
  chat.call('POST /rooms', 201, {}, { id: room, name: `# ${room}` });
  chat.call('GET /rooms/{room_id}', 200, { room_id: room });
  const message = { user_id: user, username: user, content: 'hello' };
  const said = chat.call('POST /rooms/{room_id}/messages', 201, { room_id: room }, message);
  const address = { room_id: room, message_id: field(said, 'id') };
  chat.call('GET /rooms/{room_id}/messages', 200, { room_id: room, limit: '10' });
  chat.call('GET /rooms/{room_id}/messages/{message_id}', 200, address);
  chat.call('PATCH /rooms/{room_id}/messages/{message_id}', 200, address, { user_id: user, content: 'hello all' });
  chat.call('GET /rooms/{room_id}/members', 200, { room_id: room, q: 'smoke' });
  chat.call('GET /rooms/{room_id}/mentionable', 200, { room_id: room, q: 'smoke' });
  chat.call('PUT /rooms/{room_id}/members/{user_id}', 200, { room_id: room, user_id: user }, { username: user });
  chat.call('PUT /rooms/{room_id}/read', 200, { room_id: room }, { user_id: user, position: 1 });
  chat.call('GET /unread', 200, { user_id: user });
  chat.call('DELETE /rooms/{room_id}/messages/{message_id}', 200, { ...address, user_id: user });
};

const usePresence = (presence: Api): void => {
  presence.call('GET /health', 200);
  presence.call('POST /presence/{user_id}/heartbeat', 200, { user_id: user, username: user });
  presence.call('GET /presence', 200);
  presence.call('GET /presence/{user_id}', 200, { user_id: user });
  presence.call('POST /presence/{user_id}/typing', 200, { user_id: user, room_id: room, username: user });
  presence.call('GET /presence/rooms/{room_id}/typing', 200, { room_id: room });
  presence.call('DELETE /presence/{user_id}/typing', 200, { user_id: user, room_id: room });
  presence.call('POST /presence/{user_id}/offline', 200, { user_id: user });
  presence.call('DELETE /presence/{user_id}', 200, { user_id: user });
  presence.call('POST /presence/{user_id}', 200, { user_id: user }, '{"method":"DELETE"}');
};

const useNotification = (notification: Api): void => {
  notification.call('GET /health', 200);
  const about = { user_id: user, title: 'Smoke', body: 'A smoke test' };
  const id = field(notification.call('POST /notifications', 201, {}, about), 'id');
  notification.call('GET /notifications/{user_id}', 200, { user_id: user });
  notification.call('GET /notifications/{user_id}/unread-count', 200, { user_id: user });
  notification.call('PATCH /notifications/{id}/read', 200, { id });
  notification.call('PATCH /notifications/{id}/read-all', 200, { id: user });
  notification.call('PATCH /notifications/{id}/read-room', 200, { id: user, room_id: room, up_to: '1' });
  notification.call('DELETE /notifications/{id}', 200, { id });
};

/** Only services may report a message's edit or deletion: the gateway answers 404. */
const useMessages = (notification: Api): void => {
  const message_id = uuid();
  const edit = { seq: 1, user_ids: [user], body: 'edited' };
  notification.call('PUT /notifications/messages/{message_id}', 404, { message_id }, edit);
  notification.call('DELETE /notifications/messages/{message_id}', 404, { message_id, seq: '2' });
};

/** Without keys of its operator, a suite has no push: 503 says so. With them, no browser is made up here: 422. */
const usePush = (notification: Api): void => {
  const key = http.get(`${origin}/api/notifications/push/key`, { responseCallback: http.expectedStatuses(200, 503) });
  const isOn = key.status === 200;
  const browser = { user_id: user, endpoint: `https://push.example/${random(8)}` };
  const keys = { p256dh: 'B'.repeat(87), auth: 'A'.repeat(22) };
  notification.call('GET /push/key', isOn ? 200 : 503);
  notification.call('POST /push/subscriptions', isOn ? 422 : 503, {}, { ...browser, keys });
  notification.call('DELETE /push/subscriptions', isOn ? 200 : 503, {}, browser);
};

/** The smallest PNG: one transparent pixel. */
const PIXEL =
  '89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000b49444154789c6360000200000500017a5eab3f0000000049454e44ae426082';

const bytesOf = (hex: string): ArrayBuffer =>
  new Uint8Array((hex.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16))).buffer;

const useFile = (file: Api): void => {
  file.call('GET /health', 200);
  const body = { file: http.file(bytesOf(PIXEL), 'pixel.png', 'image/png') };
  const id = field(file.call('POST /upload', 201, { uploaded_by: user, room_id: room }, body), 'id');
  file.call('GET /files', 200, { room_id: room });
  file.call('GET /{id}', 200, { id });
  const download = file.call('GET /{id}/download', 200, { id });
  check(download, { 'a download is what was uploaded': ({ body: given }) => String(given).length > 0 });
  file.call('HEAD /{id}/download', 200, { id });
  file.call('GET /{id}/thumbnail', 200, { id });
  file.call('DELETE /{id}', 200, { id, user_id: user });
};

const usePages = (): void => {
  for (const path of ['/', '/api/chat/docs', '/api/presence/docs', '/api/notifications/docs', '/api/files/docs'])
    check(http.get(origin + path), { [`${path} answers`]: ({ status }) => status === 200 });
  check(http.get(`${origin}/api/chat/asyncapi.json`), { '/api/chat/asyncapi.json answers': (r) => r.status === 200 });
  const inner = { responseCallback: http.expectedStatuses(404) };
  check(http.get(`${origin}/api/chat/metrics`, inner), { 'metrics are not public': ({ status }) => status === 404 });
};

/** Says something over a socket, and waits to hear it. */
const useSocket = (): void => {
  const socket = new WebSocket(socketUrl(room, user, `username=${user}`), null, { headers: proofOf(user) });
  const heard = new Set<string>();
  const client_id = uuid();
  const end = () => {
    clearTimeout(timer);
    check(heard, {
      'a socket hears its own message': (types) => types.has('message'),
      'a socket hears that it was stored': (types) => types.has('ack'),
    });
    socket.close();
  };
  const timer = setTimeout(end, SOCKET_TIMEOUT_MS);
  socket.addEventListener('open', () =>
    socket.send(JSON.stringify({ type: 'message', content: 'over the socket', client_id })),
  );
  socket.addEventListener('message', (event) => {
    if (!('data' in event)) return;
    const frame: ServerFrame = JSON.parse(String(event.data));
    heard.add(frame.type);
    if (heard.has('message') && heard.has('ack')) end();
  });
};

export default function smoke(): void {
  if (http.get(`${origin}/api/chat/health`).status !== 200) fail(`Nothing answers at ${origin}`);
  const chat = openApi({ user, prefix: '/api/chat' });
  const presence = openApi({ user, prefix: '/api/presence', noun: '/presence' });
  const notification = openApi({ user, prefix: '/api/notifications', noun: '/notifications' });
  const file = openApi({ user, prefix: '/api/files' });
  useChat(chat);
  usePresence(presence);
  useNotification(notification);
  useMessages(notification);
  usePush(notification);
  useFile(file);
  usePages();
  for (const api of [chat, presence, notification, file])
    for (const operation of api.uncalled()) check(operation, { [`${operation} is covered`]: () => false });
  useSocket();
}

export const handleSummary = (summary: Summary): Record<string, string> =>
  reportOf(summary, results, 'smoke', `against ${origin}`);
