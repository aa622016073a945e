/**
 * Uploads of files. An upload belongs to the room in which the file was chosen, and goes on while other pages are shown: the list of
 * uploads moves from page to page, and stands in a corner where no room is open.
 */
import { toast } from '../page/announce.ts';
import { inWords } from '../page/api.ts';
import { requireElement } from '../page/elements.ts';
import type { RoomContext } from '../page/room-context.ts';
import { sharedStore } from '../storage/store.ts';
import { createDelivery, type Delivery } from './delivery.ts';
import { watchFileInput } from './file-input.ts';
import { createOutbox, type Writing } from './outbox.ts';
import type { Sending } from './sending.ts';
import { FileRefused, type Stored, transfer } from './transfer.ts';
import { createUploadRow, type UploadRow } from './upload-row.ts';

interface Upload {
  readonly file: File;
  /** The room in which the file was chosen. */
  readonly to: Pick<RoomContext, 'room' | 'roomName' | 'reader'>;
  readonly row: UploadRow;
  readonly controller: AbortController;
  /** Set when the file is stored, while its message still has to be sent. */
  stored?: Stored;
  /** Set when the service has refused the file. Its row stays only to tell the reason. */
  isRefused?: boolean;
}

export interface UploadsDeps {
  readonly context: RoomContext;
  readonly sending: Pick<Sending, 'send'>;
}

const MAX_RUNNING = 3;
const MAX_UPLOADS = 20;

/** One for all pages of a tab. */
export class Uploads {
  readonly #uploads = new Set<Upload>();
  readonly #queue: Upload[] = [];
  #list: HTMLElement | undefined;
  #running = 0;
  #open: { readonly room: string; readonly sending: Pick<Sending, 'send'> } | undefined;
  /** Sends the messages while no room is open. */
  #delivery: Delivery | undefined;

  constructor() {
    window.addEventListener('beforeunload', (event) => {
      if (this.count > 0) event.preventDefault();
    });
  }

  /** How many files may still be sent: running, queued, or failed for a passing reason. */
  get count(): number {
    return [...this.#uploads].filter(({ isRefused }) => !isRefused).length;
  }

  /** Takes files for a room until the reader leaves it. */
  enterRoom({ context, sending }: UploadsDeps): void {
    const { room, signal } = context;
    this.#showList();
    this.#open = { room, sending };
    this.#delivery?.close();
    this.#delivery = undefined;
    this.#showRooms(room);
    watchFileInput({
      context,
      take: (files) => {
        for (const file of files) this.#add(file, context);
      },
    });
    signal.addEventListener('abort', () => this.#leaveRoom());
  }

  cancelAll(): void {
    for (const upload of this.#uploads) this.#cancel(upload);
  }

  #leaveRoom(): void {
    this.#open = undefined;
    this.#showRooms();
    if (this.#list) document.body.append(this.#list);
  }

  /** The first room's list is moved into the place of each later room's empty one. */
  #showList(): void {
    const empty = requireElement('uploads');
    this.#list ??= empty;
    if (this.#list !== empty) empty.replaceWith(this.#list);
  }

  #showRooms(open?: string): void {
    for (const { to, row } of this.#uploads) row.showRoom(to.room !== open);
  }

  #add(file: File, to: Upload['to']): void {
    if (this.#uploads.size >= MAX_UPLOADS) return toast(`At most ${MAX_UPLOADS} files at once`);
    const row = createUploadRow(file, to.roomName, {
      onCancel: () => this.#cancel(upload),
      onRetry: () => this.#start(upload),
    });
    const upload: Upload = { file, to, row, controller: new AbortController() };
    this.#uploads.add(upload);
    this.#list?.append(row.element);
    this.#start(upload);
  }

  #start(upload: Upload): void {
    this.#queue.push(upload);
    this.#runNext();
  }

  #runNext(): void {
    while (this.#running < MAX_RUNNING) {
      const upload = this.#queue.shift();
      if (!upload) return;
      if (upload.controller.signal.aborted) continue;
      this.#running += 1;
      void this.#run(upload).finally(() => {
        this.#running -= 1;
        this.#runNext();
      });
    }
  }

  async #run(upload: Upload): Promise<void> {
    const { file, to, row, controller } = upload;
    const { signal } = controller;
    try {
      upload.stored ??= await transfer(file, { uploaded_by: to.reader.id, room_id: to.room }, row.progress, signal);
      if (signal.aborted) return;
      this.#send(upload, upload.stored);
      this.#remove(upload);
    } catch (error) {
      // After a cancellation the row is no longer on the page.
      upload.isRefused = error instanceof FileRefused;
      row.fail(inWords(error), !upload.isRefused);
    }
  }

  /** Sends the message of a stored file. */
  #send({ to }: Upload, { name, url }: Stored): void {
    const { room, roomName, reader } = to;
    const writing: Writing = { content: name, messageType: 'file', fileUrl: url };
    if (!this.#sender(reader).send(writing, room)) throw new Error('Too many messages wait to be sent already.');
    if (this.#open?.room !== room) toast(`${name} goes to #${roomName}`);
  }

  #sender(reader: RoomContext['reader']): Pick<Sending, 'send'> | Delivery {
    if (this.#open) return this.#open.sending;
    this.#delivery ??= createDelivery({ outbox: createOutbox(sharedStore, reader.id), reader });
    return this.#delivery;
  }

  #cancel(upload: Upload): void {
    upload.controller.abort();
    this.#remove(upload);
  }

  #remove(upload: Upload): void {
    this.#uploads.delete(upload);
    upload.row.element.remove();
  }
}
