/**
 * Gets the outbox to the server: shows what waits, and sends it one by one, the next when the one before is acknowledged: so nothing
 * overtakes, whatever breaks in between.
 */
import { MAX_CONTENT_CHARACTERS, tidyText, whyTooLong } from '@parley/chat/messages/content';
import type { ServerFrame } from '@parley/chat/socket/frames';
import { pending as pendingView } from '../views/pending.ts';
import { deliverElsewhere } from './delivery.ts';
import { clientIdOfKey, createOutbox, type Outgoing, outgoingTo, type Writing } from './outbox.ts';
import { type Place, part } from './place.ts';
import type { Socket } from './socket.ts';
import { shared } from './store.ts';
import { elementOf } from './trust.ts';

type ErrorFrame = Extract<ServerFrame, { type: 'error' }>;

export interface Sending {
  /**
   * Sends to this room, or to another: a file whose upload outlived its room's page.
   * @returns false when too much waits already
   */
  send(message: Writing, to?: string): boolean;
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
const ELSEWHERE_RETRY_MS = 5_000;
/** The server can't take it now, or not so fast; it isn't the message's fault. */
const PASSING = new Set(['rate_limited', 'storage_unavailable', 'overloaded', 'stopping', 'internal']);

export const createSending = (place: Place, socket: () => Socket, takeBack: (text: string) => void): Sending => {
  const { reader, room, signal } = place;
  const outbox = createOutbox(shared, reader.id);
  const list = part('pending');
  let inFlight: { clientId: string; timer: ReturnType<typeof setTimeout> } | undefined;
  let isReady = false;
  let isConnected = false;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let elsewhereTimer: ReturnType<typeof setTimeout> | undefined;

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

  const refuse = (outgoing: Outgoing, fault: string): void => {
    outbox.refuse(outgoing.clientId, fault);
    show({ ...outgoing, fault });
    pump();
  };

  /** Sends the first that waits, unless one is on its way. */
  const pump = (): void => {
    if (inFlight || !isReady) return;
    const next = outbox.sendable().find((outgoing) => outgoing.room === room);
    if (!next) return;
    const { clientId, content, messageType, fileUrl } = next;
    const { length } = [...content];
    // Not left to the server: a frame may be so large that it ends the connection instead, again and again.
    if (length > MAX_CONTENT_CHARACTERS) return refuse(next, whyTooLong(length));
    const file = fileUrl === null ? {} : { file_url: fileUrl };
    const frame = { type: 'message' as const, content, message_type: messageType, client_id: clientId, ...file };
    if (socket().send(frame)) inFlight = { clientId, timer: setTimeout(() => socket().restart(), ACK_TIMEOUT_MS) };
  };

  const discard = (clientId: string): void => {
    if (inFlight?.clientId === clientId) land();
    outbox.drop(clientId);
    elementFor(clientId)?.remove();
  };

  /** What was written in other rooms and never got out. */
  const sendElsewhere = async (): Promise<void> => {
    clearTimeout(elsewhereTimer);
    const isDone = await deliverElsewhere(outbox, reader, room);
    if (!isDone && !signal.aborted) elsewhereTimer = setTimeout(() => void sendElsewhere(), ELSEWHERE_RETRY_MS);
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
    clearTimeout(elsewhereTimer);
    land();
  });
  list.replaceChildren();
  for (const outgoing of here()) show(outgoing);

  return {
    send: (writing, to = room) => {
      const outgoing = outgoingTo(to, writing);
      if (!outbox.add(outgoing)) return false;
      if (to !== room) void sendElsewhere();
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
      void sendElsewhere();
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
      refuse(outgoing, detail);
    },
    onOwnMessage: (content) => {
      const current = inFlight && outbox.find(inFlight.clientId);
      if (current && tidyText(current.content) === content) elementFor(current.clientId)?.remove();
    },
  };
};
