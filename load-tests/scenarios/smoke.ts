/**
 * Calls every endpoint of every service and a socket once, through the gateway. The services' OpenAPI documents list the operations; the run
 * fails when one of them isn't called here.
 */
import { check, fail } from 'k6';
import crypto from 'k6/crypto';
import http from 'k6/http';
import type { Options } from 'k6/options';
import { clearTimeout, setTimeout } from 'k6/timers';
import { WebSocket } from 'k6/websockets';
import * as chat from '../../client/api/chat.ts';
import * as file from '../../client/api/file.ts';
import type { ServerFrame } from '../../client/api/frames.ts';
import { gateway } from '../../client/api/gateway.ts';
import * as notification from '../../client/api/notification.ts';
import * as presence from '../../client/api/presence.ts';
import { urlOf } from '../../client/http.ts';
import { type Api, openApis } from './api.ts';
import { origin, proofOf, results, socketUrl } from './origin.ts';
import { reportOf, type Summary } from './report.ts';

export const options: Options = {
  scenarios: { smoke: { executor: 'per-vu-iterations', vus: 1, iterations: 1, maxDuration: '60s' } },
  thresholds: { checks: ['rate==1'] },
};

/** Random bytes in hexadecimal. */
const random = (bytes: number): string =>
  [...new Uint8Array(crypto.randomBytes(bytes))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** A random UUID (version 4). */
const uuid = (): string => `${random(4)}-${random(2)}-4${random(2).slice(1)}-8${random(2).slice(1)}-${random(6)}`;

const user = `smoke-${random(4)}`;
const room = `smoke-${random(4)}`;
const SOCKET_TIMEOUT_MS = 10_000;

const useChat = ({ call }: Api): void => {
  call(chat.readHealth, 200, {});
  call(chat.listRooms, 200, {});
  call(chat.createRoom, 201, { id: room, name: `# ${room}` });
  call(chat.getRoom, 200, { room_id: room });
  const said = call(chat.sendMessage, 201, { room_id: room, user_id: user, username: user, content: 'hello' });
  const address = { room_id: room, message_id: said.id };
  call(chat.listMessages, 200, { room_id: room, limit: 10 });
  call(chat.getMessage, 200, address);
  call(chat.editMessage, 200, { ...address, user_id: user, content: 'hello all' });
  call(chat.listKnownPeople, 200, { room_id: room, q: 'smoke' });
  call(chat.listMentionable, 200, { room_id: room, q: 'smoke' });
  call(chat.addKnownPerson, 200, { room_id: room, user_id: user, username: user });
  call(chat.markRoomRead, 200, { room_id: room, user_id: user, position: said.position });
  call(chat.listUnread, 200, { user_id: user });
  call(chat.deleteMessage, 200, { ...address, user_id: user });
};

const usePresence = ({ call, beacon }: Api): void => {
  call(presence.readHealth, 200, {});
  call(presence.sendHeartbeat, 200, { user_id: user, username: user });
  call(presence.listOnline, 200, {});
  call(presence.getPerson, 200, { user_id: user });
  call(presence.startTyping, 200, { user_id: user, room_id: room, username: user });
  call(presence.listTyping, 200, { room_id: room });
  call(presence.stopTyping, 200, { user_id: user, room_id: room });
  call(presence.leavePage, 200, { user_id: user });
  call(presence.goOffline, 200, { user_id: user });
  beacon(presence.goOffline, 200, { user_id: user }, '{"method":"DELETE"}');
};

const useNotification = ({ call }: Api): void => {
  call(notification.readHealth, 200, {});
  const { id } = call(notification.createNotification, 201, { user_id: user, title: 'Smoke', body: 'A smoke test' });
  call(notification.listNotifications, 200, { user_id: user });
  call(notification.countUnreadNotifications, 200, { user_id: user });
  call(notification.markNotificationRead, 200, { id });
  call(notification.markAllNotificationsRead, 200, { id: user });
  call(notification.markRoomNotificationsRead, 200, { id: user, room_id: room, up_to: 1 });
  call(notification.deleteNotification, 200, { id });
};

/** Only services may report a message's edit or deletion: the gateway answers 404. */
const useMessages = ({ attempt }: Api): void => {
  const message_id = uuid();
  attempt(notification.applyMessageEdit, [404], { message_id, seq: 1, user_ids: [user], body: 'edited' });
  attempt(notification.applyMessageDeletion, [404], { message_id, seq: 2 });
};

/** Without keys of its operator a suite has no push, and answers 503. With them, it refuses keys that no browser made: 422. */
const usePush = ({ attempt }: Api): void => {
  const isOn = attempt(notification.getPushKey, [200, 503], {}).status === 200;
  const browser = { user_id: user, endpoint: `https://push.example/${random(8)}` };
  const keys = { p256dh: 'B'.repeat(87), auth: 'A'.repeat(22) };
  attempt(notification.subscribeToPush, [isOn ? 422 : 503], { ...browser, keys });
  attempt(notification.unsubscribeFromPush, [isOn ? 200 : 503], browser);
};

/** The smallest PNG: one transparent pixel. */
const PIXEL =
  '89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000b49444154789c6360000200000500017a5eab3f0000000049454e44ae426082';

const bytesOf = (hex: string): ArrayBuffer =>
  new Uint8Array((hex.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16))).buffer;

const useFile = ({ call, upload, open }: Api): void => {
  call(file.readHealth, 200, {});
  const pixel = http.file(bytesOf(PIXEL), 'pixel.png', 'image/png');
  const { id, download_url, thumbnail_url } = upload(file.uploadFile, 201, { uploaded_by: user, room_id: room }, pixel);
  call(file.listFiles, 200, { room_id: room });
  call(file.getFile, 200, { id });
  const download = open('GET', download_url, 200, 'GET /{id}/download');
  check(download, { 'a download is what was uploaded': ({ body }) => String(body).length > 0 });
  open('HEAD', download_url, 200, 'HEAD /{id}/download');
  open('GET', thumbnail_url ?? '/no-thumbnail', 200, 'GET /{id}/thumbnail');
  call(file.deleteFile, 200, { id, user_id: user });
};

const usePages = (): void => {
  const docs = Object.values(gateway).map(([prefix]) => `${prefix}/docs`);
  const [chatPrefix] = gateway.chat;
  for (const path of ['/', ...docs, `${chatPrefix}/asyncapi.json`])
    check(http.get(origin + path), { [`${path} answers`]: ({ status }) => status === 200 });
  const metrics = http.get(`${origin}${chatPrefix}/metrics`, { responseCallback: http.expectedStatuses(404) });
  check(metrics, { 'metrics are not public': ({ status }) => status === 404 });
};

/** Sends a message over a socket, and waits for its ack and for the message itself. */
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
  if (http.get(urlOf({ baseUrl: origin }, 'chat', '/health')).status !== 200) fail(`Nothing answers at ${origin}`);
  const api = openApis(user);
  for (const use of [useChat, usePresence, useNotification, useMessages, usePush, useFile, usePages]) use(api);
  for (const operation of api.uncalled()) check(operation, { [`${operation} is covered`]: () => false });
  useSocket();
}

export const handleSummary = (summary: Summary): Record<string, string> =>
  reportOf(summary, results, 'smoke', `against ${origin}`);
