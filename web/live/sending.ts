/**
 * Gets the outbox to the server: shows what waits, and sends it one by one, the next when the one before is acknowledged: so nothing
 * overtakes, whatever breaks in between.
 */
import type { ServerFrame } from '@parley/chat/socket/frames';
import { pending as pendingView } from '../views/pending.ts';
import { CallFailed, sendMessage } from './api.ts';
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
  let inFlight: { clientId: string; timer: ReturnType<typeof setTimeout> } | undefined;
  let isReady = false;
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

  const land = (): void => {
    clearTimeout(inFlight?.timer);
    inFlight = undefined;
  };

  /** Sends the first that waits, unless one is on its way. */
  const pump = (): void => {
    if (inFlight || !isReady) return;
    const next = outbox.sendable().find((outgoing) => outgoing.room === room);
    if (!next) return;
    const { clientId, content, messageType, fileUrl } = next;
    const file = fileUrl === null ? {} : { file_url: fileUrl };
    const frame = { type: 'message' as const, content, message_type: messageType, client_id: clientId, ...file };
    if (socket().send(frame)) inFlight = { clientId, timer: setTimeout(() => socket().restart(), ACK_TIMEOUT_MS) };
  };

  const discard = (clientId: string): void => {
    if (inFlight?.clientId === clientId) land();
    outbox.drop(clientId);
    elementFor(clientId)?.remove();
  };

  /** Without a socket: for a room that isn't open. What is refused for good waits there for its author. */
  const deliver = async ({ clientId, room: other, content, messageType, fileUrl }: Outgoing): Promise<void> => {
    const author = { user_id: reader.id, username: reader.name };
    const message = { content, message_type: messageType, file_url: fileUrl, client_id: clientId };
    try {
      await sendMessage(other, { ...author, ...message });
      outbox.drop(clientId);
    } catch (error) {
      if (!(error instanceof CallFailed) || error.isPassing) throw error;
      outbox.refuse(clientId, error.message);
    }
  };

  /** What was written in other rooms and never got out. The first that can't be sent now ends it until the next time. */
  const deliverElsewhere = async (): Promise<void> => {
    for (const outgoing of outbox.sendable()) if (outgoing.room !== room) await deliver(outgoing);
  };

  const act = (event: Event): void => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-act]') : null;
    const clientId = button?.closest<HTMLElement>('[data-client-id]')?.dataset.clientId;
    const outgoing = clientId ? outbox.find(clientId) : undefined;
    if (!button || !clientId || !outgoing) return;
    if (button.dataset.act === 'retry') {
      outbox.retry(clientId);
      show(outbox.find(clientId) ?? outgoing);
      return pump();
    }
    if (button.dataset.act === 'take-back') takeBack(outgoing.content);
    discard(clientId);
  };

  list.addEventListener('click', act, { signal });
  window.addEventListener(
    'storage',
    ({ key, newValue }) => {
      const clientId = key && clientIdOfKey(key, reader.id);
      if (!clientId || newValue !== null) return;
      discard(clientId);
      pump();
    },
    { signal },
  );
  signal.addEventListener('abort', () => {
    clearTimeout(retryTimer);
    land();
  });
  list.replaceChildren();
  for (const outgoing of here()) show(outgoing);

  return {
    send: (message) => {
      const outgoing: Outgoing = { clientId: crypto.randomUUID(), room, at: Date.now(), ...message };
      if (!outbox.add(outgoing)) return false;
      // A file whose upload outlived its room's page: the socket is another room's now.
      if (signal.aborted) void deliver(outgoing).catch(() => undefined);
      else {
        show(outgoing);
        pump();
      }
      return true;
    },
    onConnection: (now) => {
      isConnected = now;
      isReady = false;
      land();
      for (const outgoing of here()) show(outgoing);
    },
    onReady: () => {
      isReady = true;
      pump();
      void deliverElsewhere().catch(() => undefined);
    },
    onAck: (clientId) => {
      discard(clientId);
      pump();
    },
    onError: ({ client_id: clientId, code, detail, retry_after_ms: retryAfterMs }) => {
      const outgoing = clientId ? outbox.find(clientId) : undefined;
      if (!clientId || !outgoing) return;
      land();
      if (PASSING.has(code)) {
        clearTimeout(retryTimer);
        retryTimer = setTimeout(pump, retryAfterMs ?? RETRY_MS);
        return;
      }
      outbox.refuse(clientId, detail);
      show({ ...outgoing, fault: detail });
      pump();
    },
    onOwnMessage: (content) => {
      const current = inFlight && outbox.find(inFlight.clientId);
      if (current?.content.trim() === content) elementFor(current.clientId)?.remove();
    },
  };
};
