/** An open room: creates its parts, connects them, and gives each frame of the socket to the parts that take its type. */
import { watchMenu } from './account/menu.ts';
import { watchSignOut } from './account/sign-out.ts';
import { dispatch, type FrameTable, mergeHandlers } from './connection/frames.ts';
import { createRoomSocket, type RoomSocket } from './connection/socket.ts';
import { createConnectionStatus } from './connection/status.ts';
import { listenToKeys } from './keyboard.ts';
import { watchDays } from './log/days.ts';
import { createHistory } from './log/history.ts';
import { Log } from './log/log.ts';
import { Reading } from './log/reading.ts';
import { toast } from './page/announce.ts';
import type { RoomContext } from './page/room-context.ts';
import { adoptZone } from './page/zone.ts';
import { pushFrames } from './push/subscription.ts';
import { createSending } from './sending/sending.ts';
import type { Uploads } from './sending/uploads.ts';
import { createRoomBadges } from './sidebar/badges.ts';
import { createBell } from './sidebar/bell.ts';
import { createPanel } from './sidebar/panel.ts';
import { createPeople } from './sidebar/people.ts';
import { roomListFrames } from './sidebar/rooms.ts';
import { createTabTitle } from './sidebar/tab-title.ts';
import { createCompletion } from './writing/completion.ts';
import { createComposer } from './writing/composer.ts';
import { createEditing } from './writing/editing.ts';
import { keepEditor } from './writing/editor.ts';
import { watchShortcodes } from './writing/shortcodes.ts';
import { createTyping } from './writing/typing.ts';

/** The parts around the conversation: the sidebar, the bell and its panel. */
const createSurroundings = (context: RoomContext) => {
  const tabTitle = createTabTitle(context);
  const bell = createBell({ context, tabTitle });
  const badges = createRoomBadges({ context, tabTitle, bell });
  return { tabTitle, bell, badges, people: createPeople(context), panel: createPanel(context) };
};

/** The parts of the conversation: the log, what the reader has read of it, and what they write. */
const createConversation = (context: RoomContext, socket: RoomSocket, showUnseen: (count: number) => void) => {
  const log = new Log({ context, moveEditor: keepEditor });
  const history = createHistory({ context, log });
  const reading = new Reading({ context, log, history, showUnseen });
  const composer = createComposer(context);
  const editing = createEditing({ context, log: log.element, composer });
  const typing = createTyping({ context, socket });
  const sending = createSending({ context, socket, takeBack: composer.takeBack, onSent: reading.onSent });
  composer.listen({
    send: (content) => {
      const isQueued = sending.send({ content, messageType: 'text', fileUrl: null });
      if (!isQueued) toast('Too many messages wait to be sent already');
      return isQueued;
    },
    editLast: editing.editLast,
    onTyping: typing.send,
  });
  return { log, reading, composer, editing, typing, sending };
};

/** Scrolls to the message that the page was opened at, or to the first unread one. */
const scrollToOpening = (): void =>
  (document.querySelector('#log .target') ?? document.getElementById('new'))?.scrollIntoView({ block: 'center' });

/** Opens the room that the page shows. It ends when the context's signal is aborted. */
export const openRoom = (context: RoomContext, uploads: Uploads): void => {
  const { tabTitle, bell, badges, people, panel } = createSurroundings(context);
  const socket = createRoomSocket(context);
  const status = createConnectionStatus({ context, socket });
  const showUnseen = (unseen: number): void => tabTitle.show({ unseen });
  const { log, reading, composer, editing, typing, sending } = createConversation(context, socket, showUnseen);
  uploads.enterRoom({ context, sending });

  const table = mergeHandlers(
    socket.frames,
    reading.frames,
    sending.frames,
    log.frames,
    typing.frames,
    people.frames,
    bell.frames,
    badges.frames,
    panel.frames,
    roomListFrames,
    pushFrames,
  ) satisfies FrameTable;
  socket.open({
    onOpen: () => {
      status.onOpen();
      sending.onConnection(true);
    },
    onClose: (code) => {
      status.onClose(code);
      sending.onConnection(false);
    },
    onFrame: (frame) => dispatch(table, frame),
  });

  if (adoptZone()) log.correctZone();
  createCompletion(context, composer.field);
  watchShortcodes(composer.field, context.signal);
  watchDays({ context, log: log.element });
  listenToKeys({
    context,
    log: log.element,
    editing,
    focusField: composer.focus,
    toNewest: reading.skipToNewest,
  });
  watchMenu(context);
  watchSignOut({ context, uploads });
  scrollToOpening();
  if (matchMedia('(hover: hover)').matches && !location.hash) composer.focus();
  reading.note();
};
