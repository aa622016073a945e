/** A room that is open: its parts, and what each event of the socket means to them. */
import type { Message } from '@parley/chat/messages/rules';
import type { ServerFrame } from '@parley/client/api/frames';
import { clockOf } from '../views/time.ts';
import { watchMenu } from './account/menu.ts';
import { watchSignOut } from './account/sign-out.ts';
import { type Socket, watchSocket } from './connection/socket.ts';
import { createConnectionLine } from './connection/status.ts';
import { listenToKeys } from './keyboard.ts';
import { watchDays } from './log/days.ts';
import { createHistory } from './log/history.ts';
import { createLog } from './log/log.ts';
import { createReading } from './log/reading.ts';
import { toast } from './page/announce.ts';
import { placeOf } from './page/room-context.ts';
import { isPageElsewhere } from './page/zone.ts';
import { closeShown } from './push/subscription.ts';
import { createSending } from './sending/sending.ts';
import type { Uploads } from './sending/uploads.ts';
import { createBadges } from './sidebar/badges.ts';
import { createPanel } from './sidebar/panel.ts';
import { createPeople } from './sidebar/people.ts';
import { showNewRoom } from './sidebar/rooms.ts';
import { createCompletion } from './writing/completion.ts';
import { createComposer } from './writing/composer.ts';
import { createEditing } from './writing/editing.ts';
import { watchShortcodes } from './writing/shortcodes.ts';
import { createTyping } from './writing/typing.ts';

type MessageFrame = Extract<ServerFrame, { type: 'message' | 'message_edited' }>;

/** The event as the message that it tells of. */
const messageOf = ({ type: _, timestamp, ...fields }: MessageFrame): Message => ({
  ...fields,
  created_at: timestamp,
  deleted_at: null,
});

/** Opens the room of an element of the page. It ends when the signal does. */
export const openRoom = (element: HTMLElement, signal: AbortSignal, uploads: Uploads): void => {
  const place = placeOf(element, signal);
  const { room, reader } = place;
  let since = Number(element.dataset.since);
  const log = createLog(place, (added) => reading.onAdded(added));
  const badges = createBadges(place);
  const people = createPeople(place);
  const history = createHistory(place, log);
  const connection = createConnectionLine(signal, () => socket.restart());

  const reading = createReading(place, log, badges, history.toNewest);
  const composer = createComposer(place, {
    send: (content) => {
      const isTaken = sending.send({ content, messageType: 'text', fileUrl: null });
      if (isTaken) reading.onSent();
      else toast('Too many messages wait to be sent already');
      return isTaken;
    },
    editLast: () => editing.editLast(),
    onTyping: (isTyping) => typing.tell(isTyping),
  });
  const sending = createSending(place, () => socket, composer.takeBack);
  const typing = createTyping(place, () => socket);
  const editing = createEditing(place, log.element, composer);
  const panel = createPanel(place, badges);
  uploads.open(place, (to, writing) => {
    const isTaken = sending.send(writing, to);
    if (isTaken && to === room) reading.onSent();
    return isTaken;
  });

  const takeMessage = (frame: MessageFrame): void => {
    const message = messageOf(frame);
    since = Math.max(since, message.seq);
    reading.hearOf(message.position);
    if (message.user_id === reader.id && frame.type === 'message') sending.onOwnMessage(message.content);
    log.put(message);
    typing.onTyping(message.user_id, message.username, false);
  };

  const onFrame = (frame: ServerFrame): void => {
    switch (frame.type) {
      case 'message':
      case 'message_edited':
        return takeMessage(frame);
      case 'message_deleted':
        since = Math.max(since, frame.seq);
        reading.onDeleted(frame.position);
        return log.remove({ id: frame.id, seq: frame.seq, deletedAt: frame.deleted_at });
      case 'typing':
      case 'stop_typing':
        return typing.onTyping(frame.user_id, frame.username, frame.type === 'typing');
      case 'user_joined':
        if (frame.user_id !== reader.id) typing.onJoined(frame.username);
        return people.add(frame);
      case 'user_left':
        return people.lookAgain();
      case 'ack':
        return sending.onAck(frame.client_id);
      case 'error':
        return sending.onError(frame);
      case 'ready':
        since = Math.max(since, frame.seq);
        badges.catchUp();
        return sending.onReady();
      case 'room_activity':
        return badges.onActivity(frame);
      case 'room_created':
        return showNewRoom(frame);
      case 'room_read':
        return frame.room_id === room ? reading.onReadElsewhere(frame.read_position) : badges.refresh();
      case 'resync':
        since = frame.seq;
        badges.refresh();
        return log.scroller.isAtEnd ? reading.follow(history.reload()) : log.markGap();
      case 'notification': {
        const { title, room_id, position } = frame;
        if (room_id === room && position) reading.onMention(position);
        return panel.onNotification(title, room_id);
      }
      case 'notification_changed':
        return panel.onChanged();
      case 'notification_removed':
        return void closeShown(frame.id);
      case 'notification_count':
        return panel.onCount(frame.unread_count);
    }
  };

  const socket: Socket = watchSocket(
    element,
    {
      since: () => since,
      onOpen: () => {
        connection.open();
        sending.onConnection(true);
      },
      onClose: (code) => {
        connection.closed(code);
        sending.onConnection(false);
      },
      onFrame,
    },
    signal,
  );

  if (isPageElsewhere()) log.rearrange();
  createCompletion(place, composer.field);
  watchShortcodes(composer.field, signal);
  watchDays(log.element, clockOf(reader), signal);
  listenToKeys(place, { log: log.element, editing, focusField: composer.focus, toNewest: reading.skipToNewest });
  watchMenu(place);
  watchSignOut(place, uploads);

  const opening = document.querySelector('#log .target') ?? document.getElementById('new');
  opening?.scrollIntoView({ block: 'center' });
  if (matchMedia('(hover: hover)').matches && !location.hash) composer.focus();
  reading.note();
};
