/** Gets the outbox to the server: shows what waits, sends it in order, takes acks and refusals. */
import type { ServerFrame } from '@parley/chat/socket/frames';
import { pending as pendingView } from '../views/pending.ts';
import { sendMessage } from './api.ts';
import { clientIdOfKey, createOutbox, type Outgoing } from './outbox.ts';
import { type Place, part } from './place.ts';
import type { Socket } from './socket.ts';
import { elementOf } from './trust.ts';

type ErrorFrame = Extract<ServerFrame, { type: 'error' }>;

export interface Sending {
  /** False when too much waits already. */
  send(message: Pick<Outgoing, 'content' | 'messageType' | 'fileUrl'>): boolean;
  onConnection(isConnected: boolean): void;
  /** The socket has caught up: whatever of ours is stored has come by. */
  onReady(): void;
  onAck(clientId: string): void;
  onError(frame: ErrorFrame): void;
  /** One's own message came back: what showed it as pending goes. */
  onOwnMessage(content: string): void;
}

/** Without an ack in this time the connection counts as dead. */
const ACK_TIMEOUT_MS = 6_000;
const RETRY_MS = 1_000;
/** The server can't take it now, or not so fast; it isn't the message's fault. */
const PASSING = new Set(['rate_limited', 'storage_unavailable', 'overloaded', 'stopping', 'internal']);

export const createSending = (place: Place, socket: () => Socket, takeBack: (text: string) => void): Sending => {
  const { reader, room, signal } = place;
  const outbox = createOutbox(localStorage, reader.id);
  const list = part('pending');
  const inFlight = new Map<string, ReturnType<typeof setTimeout>>();
  let isConnected = false;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;

  const here = (): readonly Outgoing[] => outbox.all().filter((outgoing) => outgoing.room === room);
  const elementFor = (clientId: string) => document.getElementById(`p-${clientId}`);

  const show = (outgoing: Outgoing): void => {
    const element = elementOf(pendingView(outgoing, reader, isConnected));
    const old = elementFor(outgoing.clientId);
    if (old) old.replaceWith(element);
    else list.append(element);
  };

  const settle = (clientId: string): void => {
    clearTimeout(inFlight.get(clientId));
    inFlight.delete(clientId);
  };

  const transmit = (outgoing: Outgoing): void => {
    const { clientId, content, messageType, fileUrl } = outgoing;
    if (inFlight.has(clientId)) return;
    const file = fileUrl === null ? {} : { file_url: fileUrl };
    const frame = { type: 'message' as const, content, message_type: messageType, client_id: clientId, ...file };
    if (socket().send(frame))
      inFlight.set(
        clientId,
        setTimeout(() => socket().restart(), ACK_TIMEOUT_MS),
      );
  };

  const transmitAll = (): void => {
    for (const outgoing of outbox.sendable()) if (outgoing.room === room) transmit(outgoing);
  };

  const transmitLater = (delayMs: number): void => {
    clearTimeout(retryTimer);
    retryTimer = setTimeout(transmitAll, delayMs);
  };

  /** What was written in other rooms and never got out. */
  const sendElsewhere = async (): Promise<void> => {
    for (const { clientId, room: other, content, messageType, fileUrl } of outbox.sendable()) {
      if (other === room) continue;
      const author = { user_id: reader.id, username: reader.name };
      await sendMessage(other, {
        ...author,
        content,
        message_type: messageType,
        file_url: fileUrl,
        client_id: clientId,
      });
      outbox.drop(clientId);
    }
  };

  const discard = (clientId: string): void => {
    settle(clientId);
    outbox.drop(clientId);
    elementFor(clientId)?.remove();
  };

  const act = (event: Event): void => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-act]') : null;
    const clientId = button?.closest<HTMLElement>('[data-client-id]')?.dataset.clientId;
    const outgoing = clientId ? outbox.find(clientId) : undefined;
    if (!button || !clientId || !outgoing) return;
    if (button.dataset.act === 'retry') {
      outbox.retry(clientId);
      show(outbox.find(clientId) ?? outgoing);
      return transmitAll();
    }
    if (button.dataset.act === 'take-back') takeBack(outgoing.content);
    discard(clientId);
  };

  list.addEventListener('click', act, { signal });
  window.addEventListener(
    'storage',
    ({ key, newValue }) => {
      const clientId = key && clientIdOfKey(key, reader.id);
      if (clientId && newValue === null) discard(clientId);
    },
    { signal },
  );
  signal.addEventListener('abort', () => {
    clearTimeout(retryTimer);
    for (const clientId of inFlight.keys()) settle(clientId);
  });
  list.replaceChildren();
  for (const outgoing of here()) show(outgoing);

  return {
    send: (message) => {
      const outgoing: Outgoing = { clientId: crypto.randomUUID(), room, at: Date.now(), ...message };
      if (!outbox.add(outgoing)) return false;
      show(outgoing);
      if (isConnected) transmit(outgoing);
      return true;
    },
    onConnection: (now) => {
      isConnected = now;
      if (!now) for (const clientId of [...inFlight.keys()]) settle(clientId);
      for (const outgoing of here()) show(outgoing);
    },
    onReady: () => {
      transmitAll();
      void sendElsewhere().catch(() => undefined);
    },
    onAck: discard,
    onError: ({ client_id: clientId, code, detail, retry_after_ms: retryAfterMs }) => {
      const outgoing = clientId ? outbox.find(clientId) : undefined;
      if (!clientId || !outgoing) return;
      settle(clientId);
      if (PASSING.has(code)) return transmitLater(retryAfterMs ?? RETRY_MS);
      outbox.refuse(clientId, detail);
      show({ ...outgoing, fault: detail });
    },
    onOwnMessage: (content) => {
      const shown = here().find((outgoing) => outgoing.content.trim() === content && inFlight.has(outgoing.clientId));
      if (shown) elementFor(shown.clientId)?.remove();
    },
  };
};
