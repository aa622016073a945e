/** Sending without a socket: to rooms that aren't open. What can't be sent now stays in the outbox for the next time. */
import type { Reader } from '../views/message.ts';
import { toast } from './announce.ts';
import { CallFailed, sendMessage } from './api.ts';
import { createOutbox, type Outbox, type Outgoing } from './outbox.ts';
import { shared } from './store.ts';

/** False when it can't be sent now. What is refused for good waits in its room for its author. */
const deliver = async (outbox: Outbox, reader: Reader, outgoing: Outgoing): Promise<boolean> => {
  const { clientId, room, content, messageType, fileUrl } = outgoing;
  const author = { user_id: reader.id, username: reader.name };
  const message = { content, message_type: messageType, file_url: fileUrl, client_id: clientId };
  try {
    await sendMessage(room, { ...author, ...message });
    outbox.drop(clientId);
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    if (error.isPassing) return false;
    outbox.refuse(clientId, error.message);
    toast(`Not sent to #${room}: ${error.message}`);
  }
  return true;
};

/**
 * Sends what waits for other rooms, one after another.
 * @param room the one whose socket sends for itself
 * @returns false when one couldn't be sent now, which ends it
 */
export const deliverElsewhere = async (outbox: Outbox, reader: Reader, room?: string): Promise<boolean> => {
  for (const outgoing of outbox.sendable())
    if (outgoing.room !== room && !(await deliver(outbox, reader, outgoing))) return false;
  return true;
};

/** Sends while no room is open. False when too much waits already. */
export const sendAlone = (reader: Reader, outgoing: Outgoing): boolean => {
  const outbox = createOutbox(shared, reader.id);
  if (!outbox.add(outgoing)) return false;
  void deliverElsewhere(outbox, reader);
  return true;
};
