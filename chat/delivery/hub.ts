/**
 * From the log and the bus to this replica's sockets. A feed per room that has sockets here; the bus brings changes quickly, and a
 * look at the rooms' `last_seq` (every second while the bus is away, now and then otherwise) finds what the bus lost.
 */

import { Failure } from '@parley/kit/errors/errors';
import { errorFields, type Log as Logger } from '@parley/kit/process/log';
import type { Bus } from '@parley/kit/stores/bus';
import { changeFrame, type ServerFrame, toText } from '../frames.ts';
import { isAsBorn } from '../messages/rules.ts';
import type { MessageStore, Written } from '../messages/store.ts';
import type { ChatMetrics } from '../metrics.ts';
import { createAttendance } from '../roster/attendance.ts';
import type { Person, Roster } from '../roster/roster.ts';
import { Feed, type Subscriber, topicOf } from './feed.ts';
import { type HubLook, lookOf } from './look.ts';

export interface HubOptions {
  readonly store: Pick<MessageStore, 'changesSince' | 'lastSeqs'>;
  readonly bus: Bus;
  readonly roster: Roster;
  readonly metrics: ChatMetrics;
  readonly log: Logger;
  readonly resyncLimit: number;
  know(roomId: string, person: Person): Promise<void>;
  publish(topic: string, text: string): void;
}

const GAP_WAIT_MS = 30;
const POLL_AWAY_MS = 1_000;
const POLL_CONNECTED_MS = 5_000;

export type Hub = ReturnType<typeof createHub>;

export const createHub = (options: HubOptions) => {
  const { store, bus, metrics, log } = options;
  const feeds = new Map<string, { feed: Feed; opened: Promise<boolean> }>();
  let polledAt = Number.NEGATIVE_INFINITY;

  /** To every replica; while the bus is away, to the sockets here. */
  const announce = (roomId: string, event: ServerFrame): void => {
    const finish = metrics.publishSeconds.startTimer();
    bus.publish(topicOf(roomId), toText(event)).then(
      () => finish(),
      () => feeds.get(roomId)?.feed.announce(event),
    );
  };

  /** What isn't taken by the bus is in the log, where the other replicas find it. */
  const publishChange = (roomId: string, text: string): void => {
    const finish = metrics.publishSeconds.startTimer();
    bus.publish(topicOf(roomId), text).then(
      () => finish(),
      (error: unknown) => log.debug({ event: 'change_not_published', ...errorFields(error) }),
    );
  };

  const attendance = createAttendance({ roster: options.roster, log, know: options.know, announce });
  const feedOptions = { ...options, attendance, gapWaitMs: GAP_WAIT_MS };

  const entryOf = (roomId: string) => {
    const existing = feeds.get(roomId);
    if (existing) return existing;
    const feed = new Feed({ ...feedOptions, roomId });
    const entry = { feed, opened: feed.open() };
    feeds.set(roomId, entry);
    return entry;
  };

  const closeIfEmpty = (roomId: string, feed: Feed) => {
    if (feed.size > 0 || feed.joining > 0 || feeds.get(roomId)?.feed !== feed) return;
    feeds.delete(roomId);
    feed.close();
  };

  const poll = async () => {
    polledAt = performance.now();
    const lastSeqs = await store.lastSeqs([...feeds.keys()]);
    for (const [roomId, lastSeq] of lastSeqs) feeds.get(roomId)?.feed.noticeLastSeq(lastSeq);
  };
  const pollQuietly = () => {
    if (feeds.size === 0) return;
    poll().catch((error: unknown) => log.warn({ event: 'rooms_not_polled', ...errorFields(error) }));
  };
  const pollTimer = setInterval(() => {
    if (!bus.isConnected || performance.now() - polledAt >= POLL_CONNECTED_MS) pollQuietly();
  }, POLL_AWAY_MS);
  bus.onConnection((isConnected) => {
    log.warn({ event: isConnected ? 'bus_back' : 'bus_away' });
    pollQuietly();
    if (isConnected) attendance.refresh();
  });

  return {
    attendance,
    announce,
    /**
     * The room's feed, for a socket that is joining; say `leave` when it gave up or closed.
     * @throws {Failure} `unknown_room`, `storage_unavailable`
     */
    open: async (roomId: string): Promise<Feed> => {
      const { feed, opened } = entryOf(roomId);
      feed.joining += 1;
      try {
        if (!(await opened)) throw new Failure('unknown_room', `There is no room “${roomId}”`);
        return feed;
      } catch (error) {
        feed.joining -= 1;
        closeIfEmpty(roomId, feed);
        throw error;
      }
    },
    /** The socket that was joining is in, or has given up. */
    settle: (roomId: string, feed: Feed): void => {
      feed.joining -= 1;
      closeIfEmpty(roomId, feed);
    },
    leave: (roomId: string, feed: Feed, subscriber: Subscriber, isAnnounced: boolean): void => {
      feed.remove(subscriber, isAnnounced);
      closeIfEmpty(roomId, feed);
    },
    /** What the log has just committed, in order: to the sockets here at once, and to the other replicas. */
    committed: (roomId: string, written: readonly Written[]): void => {
      const changes = written.map(({ message }) => {
        return { seq: message.seq, text: toText(changeFrame(message, isAsBorn(message))) };
      });
      for (const change of changes) feeds.get(roomId)?.feed.receive(change);
      for (const { text } of changes) publishChange(roomId, text);
    },
    countSockets: (): Map<string, number> => new Map([...feeds].map(([roomId, { feed }]) => [roomId, feed.size])),
    look: (): HubLook =>
      lookOf(
        [...feeds.values()].map(({ feed }) => feed.look()),
        bus.isConnected,
      ),
    close: (): void => {
      clearInterval(pollTimer);
      attendance.close();
      for (const { feed } of feeds.values()) feed.close();
    },
  };
};
