/** An open room: makes its parts, connects them, and hands each frame of the socket to the parts that take it. */
import { watchMenu } from './account/menu.ts';
import { watchSignOut } from './account/sign-out.ts';
import { dispatch, type FrameTable, mergeHandlers } from './connection/frames.ts';
import { createRoomSocket } from './connection/socket.ts';
import { createConnectionStatus } from './connection/status.ts';
import { watchKeyboard } from './keyboard.ts';
import { watchDays } from './log/days.ts';
import { createHistory } from './log/history.ts';
import { createLog } from './log/log.ts';
import { createReading } from './log/reading.ts';
import { findElement } from './page/elements.ts';
import { type RoomContext, roomContextOf } from './page/room-context.ts';
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
import { watchComposer } from './writing/composer.ts';
import { createEditing } from './writing/editing.ts';
import { moveEditor } from './writing/editor.ts';
import { createMessageField } from './writing/field.ts';
import { watchShortcodes } from './writing/shortcodes.ts';
import { createTyping } from './writing/typing.ts';

export interface RoomDeps {
  /** The room's element, as the server rendered it. */
  readonly element: HTMLElement;
  /** Closes the room when it is aborted. */
  readonly signal: AbortSignal;
  readonly uploads: Uploads;
}

/** Each part takes those of the others that it needs, so they are made in this order. */
const createParts = (context: RoomContext) => {
  const socket = createRoomSocket(context);
  const tabTitle = createTabTitle(context);
  const bell = createBell({ context, tabTitle });
  const badges = createRoomBadges({ context, tabTitle, bell });
  const people = createPeople(context);
  const panel = createPanel(context);

  const log = createLog({ context, moveEditor });
  const history = createHistory({ context, log });
  const reading = createReading({ context, log, history, showUnseen: (unseen) => tabTitle.show({ unseen }) });

  const field = createMessageField(context);
  const typing = createTyping({ context, socket });
  const sending = createSending({ context, socket, takeBack: field.takeBack, onSent: reading.onSent });
  const editing = createEditing({ context, log: log.element, field });
  return { socket, bell, badges, people, panel, log, reading, field, typing, sending, editing };
};

type Parts = ReturnType<typeof createParts>;

/** The compiler rejects this when no part takes a type of frame. */
const framesOf = ({ socket, log, reading, sending, typing, badges, bell, panel, people }: Parts) =>
  mergeHandlers(
    socket.frames,
    reading.frames,
    sending.frames,
    log.frames,
    typing.frames,
    badges.frames,
    bell.frames,
    panel.frames,
    people.frames,
    roomListFrames,
    pushFrames,
  ) satisfies FrameTable;

/** Parts that only listen to the reader. */
const watchReader = (context: RoomContext, uploads: Uploads, { field, sending, editing, ...parts }: Parts): void => {
  const { signal } = context;
  const { log, reading, typing } = parts;
  watchComposer({
    context,
    field,
    editing,
    typing,
    send: (content) => sending.send({ content, messageType: 'text', fileUrl: null }),
  });
  createCompletion({ context, field: field.element });
  watchShortcodes({ field: field.element, signal });
  uploads.enterRoom({ context, sending });
  watchDays({ context, log: log.element });
  watchKeyboard({
    context,
    log: log.element,
    editing,
    focusField: field.focus,
    toNewest: reading.skipToNewest,
  });
  watchMenu(context);
  watchSignOut({ context, uploads });
};

const connect = (context: RoomContext, parts: Parts): void => {
  const { socket, sending } = parts;
  const status = createConnectionStatus({ context, socket });
  const frames = framesOf(parts);
  socket.open({
    onOpen: () => {
      status.onOpen();
      sending.onConnection(true);
    },
    onClose: (code) => {
      status.onClose(code);
      sending.onConnection(false);
    },
    onFrame: (frame) => dispatch(frames, frame),
  });
};

/** Opens the room. It is closed when the signal is aborted. */
export const openRoom = ({ element, signal, uploads }: RoomDeps): void => {
  const context = roomContextOf(element, signal);
  const parts = createParts(context);
  const { log, field, reading } = parts;
  if (adoptZone()) log.correctZone();
  watchReader(context, uploads, parts);
  connect(context, parts);

  const opened = document.querySelector('#log .target') ?? findElement('new');
  opened?.scrollIntoView({ block: 'center' });
  if (matchMedia('(hover: hover)').matches && !location.hash) field.focus();
  reading.note();
};
