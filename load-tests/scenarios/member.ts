/**
 * One member of a room. It sends at the scheduled times without waiting for answers, resends messages that were refused or not acknowledged,
 * and resumes with `since` when its socket closes.
 */
import { Counter, Trend } from 'k6/metrics';
import { clearTimeout, setTimeout } from 'k6/timers';
import { WebSocket } from 'k6/websockets';
import type { ClientFrame, ServerFrame } from '../../client/api/frames.ts';
import { proofOf, socketUrl } from './origin.ts';
import type { LoadContent, Tally } from './tally.ts';

const delivery = new Trend('delivery', true);
const sent = new Counter('messages_sent');
const acked = new Counter('messages_acked');
const received = new Counter('messages_received');
const lost = new Counter('lost');
const unacked = new Counter('unacked');
const duplicates = new Counter('duplicates');
const reorders = new Counter('reorders');
const refusals = new Counter('refusals');
const reconnects = new Counter('reconnects');

const RETRY_PAUSE_MS = 250;
/** After the last expected message the member listens this much longer, to catch duplicates. */
const AFTERMATH_MS = 1_000;

export interface MemberOptions {
  readonly run: string;
  readonly room: string;
  readonly index: number;
  /** The scheduled time of each message, in ms since 1970, ascending. */
  readonly sendAt: readonly number[];
  /** The run ends at this time at the latest, in ms since 1970. */
  readonly endsAt: number;
  readonly tally: Tally;
}

type ErrorFrame = Extract<ServerFrame, { type: 'error' }>;

/** The `client_id` of a message: a UUID made of the run, the sender and the number, so that a retry has the same one. */
const clientIdOf = (run: string, index: number, number: number): string =>
  `${run}-${index.toString(16).padStart(5, '0')}${number.toString(16).padStart(7, '0')}`;

export const joinRoom = ({ run, room, index, sendAt, endsAt, tally }: MemberOptions): void => {
  const waiting = new Map<string, string>();
  let socket: WebSocket | undefined;
  let isOpen = false;
  let isDone = false;
  let wasOpen = false;
  let next = 0;
  let timer: number | undefined;
  let completeAt: number | undefined;

  const isOver = (now: number): boolean => {
    if (next === sendAt.length && waiting.size === 0 && tally.missing() === 0) completeAt ??= now;
    return now > Math.min(endsAt, (completeAt ?? endsAt) + AFTERMATH_MS);
  };

  const finish = () => {
    if (isDone) return;
    isDone = true;
    if (timer !== undefined) clearTimeout(timer);
    lost.add(tally.missing());
    unacked.add(waiting.size);
    socket?.close();
  };

  const read = (data: string) => {
    const frame: ServerFrame = JSON.parse(data);
    if (frame.type === 'ack' && waiting.delete(frame.client_id)) acked.add(1);
    if (frame.type === 'error') refuse(frame);
    if (frame.type === 'message') see(JSON.parse(frame.content), frame.seq);
  };

  /** Resends the frame after a pause. It has the same client_id, so it can't be stored twice. */
  const refuse = ({ client_id = '', code, retry_after_ms = RETRY_PAUSE_MS }: ErrorFrame) => {
    refusals.add(1, { code });
    setTimeout(() => {
      const frame = waiting.get(client_id);
      if (frame && isOpen && !isDone) socket?.send(frame);
    }, retry_after_ms);
  };

  const see = (content: LoadContent, seq: number) => {
    if (content.run !== run) return;
    received.add(1);
    delivery.add(Date.now() - content.intendedAt);
    const verdict = tally.see(content, seq);
    if (verdict === 'duplicate') duplicates.add(1);
    if (verdict === 'reordered') reorders.add(1);
  };

  const connect = () => {
    const since = wasOpen ? `&since=${tally.seq}` : '';
    const user = `load-${index}`;
    socket = new WebSocket(socketUrl(room, user, `username=${user}${since}`), null, { headers: proofOf(user) });
    socket.addEventListener('open', () => {
      if (wasOpen) reconnects.add(1);
      isOpen = true;
      wasOpen = true;
      for (const frame of waiting.values()) socket?.send(frame);
    });
    socket.addEventListener('message', (event) => {
      if ('data' in event) read(String(event.data));
    });
    socket.addEventListener('error', () => undefined);
    socket.addEventListener('close', () => {
      isOpen = false;
      if (!isDone) setTimeout(connect, RETRY_PAUSE_MS);
    });
  };

  const sendDue = () => {
    for (; (sendAt[next] ?? Number.POSITIVE_INFINITY) <= Date.now(); next += 1) {
      const intendedAt = sendAt[next] ?? 0;
      const content: LoadContent = { run, sender: index, number: next + 1, intendedAt };
      const client_id = clientIdOf(run, index, next + 1);
      const frame: ClientFrame = { type: 'message', content: JSON.stringify(content), client_id };
      const text = JSON.stringify(frame);
      waiting.set(client_id, text);
      sent.add(1);
      if (isOpen) socket?.send(text);
    }
  };

  const tick = () => {
    sendDue();
    if (isOver(Date.now())) return finish();
    const dueMs = (sendAt[next] ?? Number.POSITIVE_INFINITY) - Date.now();
    timer = setTimeout(tick, Math.max(1, Math.min(dueMs, 100)));
  };

  connect();
  tick();
};
