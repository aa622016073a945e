/** Sends to rooms that aren't open, over HTTP. What can't be sent stays in the outbox, for the next page. */
import { sendMessage } from '@parley/client/api/chat';
import { ParleyError } from '@parley/client/error';
import { newQueue } from '@parley/client/queue';
import { type RunningQueue, runQueue } from '@parley/client/queue.run';
import type { Reader } from '../../views/message.ts';
import { toast } from '../page/announce.ts';
import { call } from '../page/api.ts';
import { MAX_WAITING, type Outbox, type Outgoing, outgoingTo, type Writing } from './outbox.ts';

const RETRY_MS = 5_000;

export interface Delivery extends RunningQueue<Outgoing> {
  /** Sends to a room. @returns false when the outbox is full */
  send(writing: Writing, to: string): boolean;
}

export interface DeliveryDeps {
  readonly outbox: Outbox;
  readonly reader: Reader;
  /** The open room, whose messages are sent over its socket. */
  readonly room?: string;
}

/** The sending queue of the other rooms. It sends one message at a time, from the event `ready` on. */
export const createDelivery = ({ outbox, reader, room }: DeliveryDeps): Delivery => {
  const post = async ({ clientId, room: to, content, messageType, fileUrl }: Outgoing): Promise<void> => {
    const author = { user_id: reader.id, username: reader.name };
    const message = { content, message_type: messageType, file_url: fileUrl, client_id: clientId };
    try {
      await call(sendMessage, { room_id: to, ...author, ...message });
      queue.dispatch({ type: 'acked', clientId });
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error;
      if (error.isRetryable) return queue.dispatch({ type: 'postponed', clientId });
      queue.dispatch({ type: 'refused', clientId, fault: error.message });
      toast(`Not sent to #${to}: ${error.message}`);
    }
  };

  const stored = outbox.all().filter((outgoing) => outgoing.room !== room);
  const queue = runQueue(newQueue({ maxEntries: MAX_WAITING, retryMs: RETRY_MS }, stored), (effect) => {
    if (effect.type === 'keep') outbox.keep(effect.entry);
    if (effect.type === 'forget') outbox.drop(effect.clientId);
    if (effect.type === 'send') void post(effect.entry);
  });

  const send = (writing: Writing, to: string): boolean => {
    if (outbox.isFull) return false;
    queue.dispatch({ type: 'written', entry: outgoingTo(to, writing) });
    queue.dispatch({ type: 'ready' });
    return true;
  };
  return Object.assign(queue, { send });
};
