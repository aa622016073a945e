/** Runs the sending queue of the open room: stored in the outbox, shown as pending, sent over the socket. */
import { MAX_CONTENT_CHARACTERS, tidyText, whyTooLong } from '@parley/chat/messages/content';
import { defaultRules, newQueue, type QueueEffect } from '@parley/client/queue';
import { runQueue } from '@parley/client/queue.run';
import { refusalOf } from '@parley/client/refusal';
import type { Takes } from '../connection/frames.ts';
import type { RoomSocket } from '../connection/socket.ts';
import type { RoomContext } from '../page/room-context.ts';
import { sharedStore } from '../storage/store.ts';
import { createDelivery } from './delivery.ts';
import { clientIdOfKey, createOutbox, type Outgoing, outgoingTo, type Writing } from './outbox.ts';
import { createPending } from './pending.ts';

export interface Sending {
  readonly frames: Takes<'message' | 'ack' | 'error' | 'ready'>;
  /**
   * Sends to this room, or to another: a file, when the reader has left its room during the upload.
   * @returns false when the outbox is full
   */
  send(writing: Writing, to?: string): boolean;
  onConnection(isConnected: boolean): void;
}

export interface SendingDeps {
  readonly context: RoomContext;
  readonly socket: RoomSocket;
  /** Puts a refused message back into the field, to be edited. */
  takeBack(text: string): void;
  /** Called when a message to this room was put into the queue. */
  onSent(): void;
}

export const createSending = ({ context, socket, takeBack, onSent }: SendingDeps): Sending => {
  const { reader, room, signal } = context;
  const outbox = createOutbox(sharedStore, reader.id);
  const otherRooms = createDelivery({ outbox, reader, room });
  let isConnected = false;

  const transmit = ({ clientId, content, messageType, fileUrl }: Outgoing): void => {
    const { length } = [...content];
    // Checked here, too: the server closes the connection over a frame that is much too large, and the queue would repeat it.
    if (length > MAX_CONTENT_CHARACTERS)
      return thisRoom.dispatch({ type: 'refused', clientId, fault: whyTooLong(length) });
    const file = fileUrl === null ? {} : { file_url: fileUrl };
    if (!socket.send({ type: 'message', content, message_type: messageType, client_id: clientId, ...file }))
      thisRoom.dispatch({ type: 'close' });
  };

  const perform = (effect: QueueEffect<Outgoing>): void => {
    if (effect.type === 'keep') {
      outbox.keep(effect.entry);
      pending.show(effect.entry, isConnected);
    } else if (effect.type === 'forget') {
      outbox.drop(effect.clientId);
      pending.remove(effect.clientId);
    } else if (effect.type === 'send') transmit(effect.entry);
    else if (effect.type === 'restart') socket.restart();
  };

  const stored = outbox.all().filter((outgoing) => outgoing.room === room);
  const thisRoom = runQueue(newQueue(defaultRules, stored), perform);
  const queues = [thisRoom, otherRooms];
  const find = (id: string | undefined) => thisRoom.state.entries.find(({ clientId }) => clientId === id);
  const showAll = (): void => {
    for (const outgoing of thisRoom.state.entries) pending.show(outgoing, isConnected);
  };

  const pending = createPending({
    context,
    onAct: (clientId, act) => {
      if (act === 'take-back') takeBack(find(clientId)?.content ?? '');
      thisRoom.dispatch({ type: act === 'retry' ? 'retried' : 'dropped', clientId });
    },
  });

  /** Another tab has removed a message from the outbox. */
  const onStorage = ({ key, newValue }: StorageEvent): void => {
    const clientId = newValue === null && key !== null && clientIdOfKey(key, reader.id);
    if (clientId) for (const queue of queues) queue.dispatch({ type: 'dropped', clientId });
  };
  window.addEventListener('storage', onStorage, { signal });
  signal.addEventListener('abort', () => {
    for (const queue of queues) queue.close();
  });
  showAll();

  return {
    frames: {
      // The message in flight is in the log before its ack arrives: it must not be shown twice.
      message: ({ user_id, content }) => {
        const inFlight = find(thisRoom.state.inFlight);
        if (user_id === reader.id && inFlight && tidyText(inFlight.content) === content)
          pending.remove(inFlight.clientId);
      },
      ack: ({ client_id: clientId }) => thisRoom.dispatch({ type: 'acked', clientId }),
      error: (frame) => {
        const refusal = refusalOf(frame);
        if (refusal) thisRoom.dispatch(refusal);
      },
      ready: () => {
        for (const queue of queues) queue.dispatch({ type: 'ready' });
      },
    },
    send: (writing, to = room) => {
      if (to !== room) return otherRooms.send(writing, to);
      if (outbox.isFull) return false;
      thisRoom.dispatch({ type: 'written', entry: outgoingTo(room, writing) });
      onSent();
      return true;
    },
    onConnection: (now) => {
      isConnected = now;
      thisRoom.dispatch({ type: now ? 'open' : 'close' });
      showAll();
    },
  };
};
