/** What the service does with each type of client frame. */
import type { Hub } from '../delivery/hub.ts';
import type { ClientFrame, ClientFrames, ServerFrame } from '../frames.ts';
import type { MessageLog } from '../messages/message-log.ts';
import { tidyContent, tidyEdit } from '../messages/rules.ts';
import type { Address } from './address.ts';

export interface HandlersDeps {
  readonly address: Address;
  readonly hub: Pick<Hub, 'announce'>;
  readonly messageLog: Pick<MessageLog, 'append' | 'edit' | 'remove'>;
  /** Sends a frame to this socket. */
  send(frame: ServerFrame): void;
  /**
   * Runs a write; when it fails, sends an error frame. The write calls the message log before it first awaits: so a socket's frames keep
   * their order.
   * @param blame the fields by which the client knows the frame that failed
   */
  write(blame: Record<string, string>, run: () => Promise<unknown>): void;
}

/** A handler per frame type. */
export type FrameHandlers = { readonly [Type in ClientFrame['type']]: (frame: ClientFrames[Type]) => void };

export const createHandlers = ({ address, hub, messageLog, send, write }: HandlersDeps): FrameHandlers => {
  const { roomId, userId, username } = address;

  const announceTyping = ({ type }: ClientFrames['typing'] | ClientFrames['stop_typing']): void =>
    hub.announce(roomId, { type, user_id: userId, username, room_id: roomId });

  const append = async (frame: ClientFrames['message']): Promise<void> => {
    const { message_type: messageType = 'text', file_url: fileUrl = null, client_id: clientId = null } = frame;
    const content = tidyContent(frame.content);
    if (content === '') return;
    const draft = { userId, username, content, messageType, fileUrl, clientId };
    const { message } = await messageLog.append(roomId, draft);
    if (clientId === null) return;
    send({ type: 'ack', client_id: clientId, id: message.id, seq: message.seq, timestamp: message.created_at });
  };

  return {
    message: (frame) => write(frame.client_id ? { client_id: frame.client_id } : {}, () => append(frame)),
    edit: ({ id, content }) => write({ id }, () => messageLog.edit(roomId, id, userId, tidyEdit(content))),
    delete: ({ id }) => write({ id }, () => messageLog.remove(roomId, id, userId)),
    typing: announceTyping,
    stop_typing: announceTyping,
    ping: () => send({ type: 'pong' }),
  } satisfies FrameHandlers;
};
