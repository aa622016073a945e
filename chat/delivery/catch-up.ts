/** Brings a socket that connects with `?since=` up to the room's live events, with no gap and no overlap. */
import type { ServerFrame } from '../frames.ts';
import type { MessageStore } from '../messages/store.ts';
import type { Feed } from './feed.ts';
import { catchUpFrames } from './sequencer.ts';

export interface CatchUp {
  readonly socket: { readonly isOpen: boolean; send(frame: ServerFrame): void; sendText(text: string): Promise<void> };
  readonly feed: Feed;
  readonly store: Pick<MessageStore, 'changesSince'>;
  readonly roomId: string;
  readonly since: number;
  readonly resyncLimit: number;
  /**
   * Adds the socket to the feed. Called when the socket has got everything that the feed has delivered, in the same turn of the event
   * loop: no event can fall between.
   */
  enter(): void;
}

const PAGE = 200;

/**
 * Sends every change after `since`, then calls `enter`. A client that is more than `resyncLimit` behind, or ahead of the log (which was
 * restored from a backup), gets `resync` instead of the changes.
 */
export const catchUp = async ({ socket, feed, store, roomId, since, resyncLimit, enter }: CatchUp): Promise<void> => {
  if (since > feed.delivered) await feed.fill();
  if (since > feed.delivered || feed.delivered - since > resyncLimit) {
    socket.send({ type: 'resync', room_id: roomId, seq: feed.delivered });
    return enter();
  }
  const known = new Set<string>();
  for (let cursor = since; cursor < feed.delivered && socket.isOpen; ) {
    const rows = await store.changesSince(roomId, cursor, PAGE);
    const last = rows.at(-1);
    if (!last) break;
    for (const frame of catchUpFrames(rows, since, known)) await socket.sendText(JSON.stringify(frame));
    // The rows may reach beyond `delivered`: then the room's other sockets get them now, too.
    feed.advance(rows);
    cursor = last.seq;
  }
  enter();
};
