/**
 * Files on their way. Each goes to the room it was given in, whichever page is shown meanwhile: its row moves along, and without a
 * room on the page it stands in the corner.
 */
import { toast } from '../page/announce.ts';
import { inWords } from '../page/api.ts';
import { type Place, part } from '../page/room-context.ts';
import { shared } from '../storage/store.ts';
import { createDelivery, type Delivery } from './delivery.ts';
import { listenToFiles } from './file-input.ts';
import { createOutbox, type Writing } from './outbox.ts';
import { FileRefused, type Stored, transfer } from './transfer.ts';
import { createUploadRow, type UploadRow } from './upload-row.ts';

/** Sends to a room. False when too much waits already. */
export type SendTo = (room: string, writing: Writing) => boolean;

interface Upload {
  readonly file: File;
  /** Where it was given: it goes there. */
  readonly to: Pick<Place, 'room' | 'roomName' | 'reader'>;
  readonly row: UploadRow;
  readonly controller: AbortController;
  /** The file is there, and its message isn't sent yet. */
  stored?: Stored;
  /** It can't be sent: its row only says so, and keeps nobody on the page. */
  isRefused?: boolean;
}

export interface Uploads {
  /** How many may still be sent: on their way, waiting, or failed for the moment. */
  readonly count: number;
  /** Takes files for the room that is on the page now, until it leaves it. */
  open(place: Place, send: SendTo): void;
  cancelAll(): void;
}

const AT_ONCE = 3;
const MOST_WAITING = 20;

export const createUploads = (): Uploads => {
  const uploads = new Set<Upload>();
  const queue: Upload[] = [];
  let list: HTMLElement | undefined;
  let running = 0;
  let here: { room: string; send: SendTo } | undefined;
  /** Sends while no room is open. */
  let alone: Delivery | undefined;

  const countUnsent = (): number => [...uploads].filter(({ isRefused }) => !isRefused).length;

  const remove = (upload: Upload): void => {
    uploads.delete(upload);
    upload.row.element.remove();
  };

  const cancel = (upload: Upload): void => {
    upload.controller.abort();
    remove(upload);
  };

  const post = ({ to }: Upload, stored: Stored): void => {
    const { room, roomName, reader } = to;
    const writing: Writing = { content: stored.name, messageType: 'file', fileUrl: stored.url };
    if (!here) alone ??= createDelivery(createOutbox(shared, reader.id), reader);
    const isTaken = here ? here.send(room, writing) : alone?.send(writing, room);
    if (!isTaken) throw new Error('Too many messages wait to be sent already.');
    if (here?.room !== room) toast(`${stored.name} goes to #${roomName}`);
  };

  const run = async (upload: Upload): Promise<void> => {
    const { file, to, row, controller } = upload;
    try {
      upload.stored ??= await transfer(
        file,
        { uploaded_by: to.reader.id, room_id: to.room },
        row.progress,
        controller.signal,
      );
      if (controller.signal.aborted) return;
      post(upload, upload.stored);
      remove(upload);
    } catch (error) {
      // One that was cancelled has no row any more.
      upload.isRefused = error instanceof FileRefused;
      row.fail(inWords(error), !upload.isRefused);
    }
  };

  const next = (): void => {
    while (running < AT_ONCE) {
      const upload = queue.shift();
      if (!upload) return;
      if (upload.controller.signal.aborted) continue;
      running += 1;
      void run(upload).finally(() => {
        running -= 1;
        next();
      });
    }
  };

  const start = (upload: Upload): void => {
    queue.push(upload);
    next();
  };

  const add = (file: File, to: Upload['to']): void => {
    if (uploads.size >= MOST_WAITING) return toast(`At most ${MOST_WAITING} files at once`);
    const row = createUploadRow(file, to.roomName, { onCancel: () => cancel(upload), onAgain: () => start(upload) });
    const upload: Upload = { file, to, row, controller: new AbortController() };
    uploads.add(upload);
    list?.append(row.element);
    start(upload);
  };

  const showRooms = (room?: string): void => {
    for (const { to, row } of uploads) row.showRoom(to.room !== room);
  };

  window.addEventListener('beforeunload', (event) => {
    if (countUnsent() > 0) event.preventDefault();
  });

  return {
    get count() {
      return countUnsent();
    },
    open: (place, send) => {
      const { room, signal } = place;
      const empty = part('uploads');
      list ??= empty;
      if (list !== empty) empty.replaceWith(list);
      here = { room, send };
      alone?.close();
      alone = undefined;
      showRooms(room);
      listenToFiles(place, (files) => {
        for (const file of files) add(file, place);
      });
      signal.addEventListener('abort', () => {
        here = undefined;
        showRooms();
        if (list) document.body.append(list);
      });
    },
    cancelAll: () => {
      for (const upload of uploads) cancel(upload);
    },
  };
};
