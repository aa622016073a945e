/** The room's sending queue on the page: kept in the outbox that the tabs share, shown while it waits, sent over the socket. */
import { MAX_CONTENT_CHARACTERS, tidyText, whyTooLong } from '@parley/chat/messages/content';
import { defaultRules, newQueue } from '@parley/client/queue';
import { runQueue } from '@parley/client/queue.run';
import { type ErrorFrame, refusalOf } from '@parley/client/refusal';
import type { Socket } from '../connection/socket.ts';
import type { Place } from '../page/room-context.ts';
import { shared } from '../storage/store.ts';
import { createDelivery } from './delivery.ts';
import { clientIdOfKey, createOutbox, type Outgoing, outgoingTo, type Writing } from './outbox.ts';
import { createPending } from './pending.ts';

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

export const createSending = (place: Place, socket: () => Socket, takeBack: (text: string) => void): Sending => {
  const { reader, room, signal } = place;
  const outbox = createOutbox(shared, reader.id);
  const elsewhere = createDelivery(outbox, reader, room);
  let isConnected = false;

  const transmit = ({ clientId, content, messageType, fileUrl }: Outgoing): void => {
    const { length } = [...content];
    // Not left to the server: a frame may be so large that it ends the connection instead, again and again.
    if (length > MAX_CONTENT_CHARACTERS) return here.dispatch({ type: 'refused', clientId, fault: whyTooLong(length) });
    const file = fileUrl === null ? {} : { file_url: fileUrl };
    if (!socket().send({ type: 'message', content, message_type: messageType, client_id: clientId, ...file }))
      here.dispatch({ type: 'close' });
  };

  const waiting = outbox.all().filter((outgoing) => outgoing.room === room);
  const here = runQueue(newQueue(defaultRules, waiting), (effect) => {
    if (effect.type === 'keep') {
      outbox.keep(effect.entry);
      pending.show(effect.entry, isConnected);
    } else if (effect.type === 'forget') {
      outbox.drop(effect.clientId);
      pending.remove(effect.clientId);
    } else if (effect.type === 'send') transmit(effect.entry);
    else if (effect.type === 'restart') socket().restart();
  });
  const find = (id: string | undefined) => here.state.entries.find(({ clientId }) => clientId === id);
  const showAll = (): void => {
    for (const outgoing of here.state.entries) pending.show(outgoing, isConnected);
  };

  const pending = createPending(place, (clientId, act) => {
    if (act === 'take-back') takeBack(find(clientId)?.content ?? '');
    here.dispatch({ type: act === 'retry' ? 'retried' : 'dropped', clientId });
  });
  /** Another tab has removed a message from the outbox. */
  const onStorage = ({ key, newValue }: StorageEvent): void => {
    const clientId = newValue === null && key !== null && clientIdOfKey(key, reader.id);
    if (clientId) for (const queue of [here, elsewhere]) queue.dispatch({ type: 'dropped', clientId });
  };
  window.addEventListener('storage', onStorage, { signal });
  signal.addEventListener('abort', () => {
    for (const queue of [here, elsewhere]) queue.close();
  });
  showAll();

  return {
    send: (writing, to = room) => {
      if (to !== room) return elsewhere.send(writing, to);
      if (outbox.isFull) return false;
      here.dispatch({ type: 'written', entry: outgoingTo(room, writing) });
      return true;
    },
    onConnection: (now) => {
      isConnected = now;
      here.dispatch({ type: now ? 'open' : 'close' });
      showAll();
    },
    onReady: () => {
      for (const queue of [here, elsewhere]) queue.dispatch({ type: 'ready' });
    },
    onAck: (clientId) => here.dispatch({ type: 'acked', clientId }),
    onError: (frame) => {
      const refusal = refusalOf(frame);
      if (refusal) here.dispatch(refusal);
    },
    onOwnMessage: (content) => {
      const current = find(here.state.inFlight);
      if (current && tidyText(current.content) === content) pending.remove(current.clientId);
    },
  };
};
