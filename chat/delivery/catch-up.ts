/** Brings a socket that comes with `?since=` up to the live events of its room, with no gap and no overlap. */

import type { ServerFrame } from '../frames.ts';
import type { MessageStore } from '../messages/store.ts';
import type { Feed } from './feed.ts';
import { catchUpFrames } from './sequencer.ts';

export interface CatchUp {
  readonly session: { readonly isOpen: boolean; send(frame: ServerFrame): void; sendText(text: string): Promise<void> };
  readonly feed: Feed;
  readonly store: Pick<MessageStore, 'changesSince'>;
  readonly roomId: string;
  readonly since: number;
  readonly resyncLimit: number;
  /** Adds the socket to the feed. Called once nothing is missing, with no turn of the loop between: no event falls into a gap. */
  enter(): void;
}

const PAGE = 200;

/**
 * Sends every change after `since`, then calls `enter`: the socket has seen exactly what the feed has delivered. Someone too far
 * behind, or ahead of the log (it was restored from a backup), is told to `resync` and enters as well.
 */
export const catchUp = async ({ session, feed, store, roomId, since, resyncLimit, enter }: CatchUp): Promise<void> => {
  if (since > feed.delivered) await feed.fill();
  if (since > feed.delivered || feed.delivered - since > resyncLimit) {
    session.send({ type: 'resync', room_id: roomId, seq: feed.delivered });
    return enter();
  }
  const known = new Set<string>();
  for (let cursor = since; cursor < feed.delivered && session.isOpen; ) {
    const rows = await store.changesSince(roomId, cursor, PAGE);
    const last = rows.at(-1);
    if (!last) break;
    for (const frame of catchUpFrames(rows, since, known)) await session.sendText(JSON.stringify(frame));
    // The log may be ahead of what was delivered here: then the room's other sockets get it now too.
    feed.advance(rows);
    cursor = last.seq;
  }
  enter();
};
