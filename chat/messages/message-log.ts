/**
 * Writes the message log by group commit: changes of a room that arrive while its last commit is in flight are written as one batch by
 * the next. A room's changes are stored, and passed to the listeners, in the order of the calls.
 */
import { Failure } from '@parley/kit/errors/failure';
import { errors } from '../errors.ts';
import type { ChatMetrics } from '../metrics.ts';
import type { Draft } from './rules.ts';
import type { MessageStore, Written } from './store.ts';

export interface CommitListener {
  /** Called after each commit, before the writers are answered, with the changes that are new, by `seq`. */
  committed(roomId: string, written: readonly Written[]): void;
}

export interface MessageLog {
  /**
   * @throws {Failure} `unknown_room`, `client_id_taken`, `overloaded`, `storage_unavailable` (the message may have been stored: send it
   * again with the same `clientId`)
   */
  append(roomId: string, draft: Draft): Promise<Written>;
  /** @throws {Failure} `unknown_message` when the user has no such message in the room; else like `append` */
  edit(roomId: string, id: string, userId: string, content: string): Promise<Written>;
  remove(roomId: string, id: string, userId: string): Promise<Written>;
  /** Resolves when no change waits to be written. */
  idle(): Promise<void>;
}

export interface MessageLogDeps {
  readonly store: Pick<MessageStore, 'append' | 'edit' | 'remove'>;
  readonly metrics: ChatMetrics;
  /** The most changes of one room that may wait for the database. */
  readonly queueLimit: number;
  readonly listeners: readonly CommitListener[];
}

const MAX_BATCH = 500;

interface Waiting {
  /** Consecutive drafts are written by one insert; an edit or a delete is a batch of its own. */
  readonly draft?: Draft;
  readonly change?: () => Promise<Written | undefined>;
  resolve(written: Written): void;
  reject(error: unknown): void;
}

export const createMessageLog = ({ store, metrics, queueLimit, listeners }: MessageLogDeps): MessageLog => {
  const queues = new Map<string, Waiting[]>();
  const writers = new Map<string, Promise<void>>();

  const takeBatch = (queue: Waiting[]): Waiting[] => {
    const end = queue.findIndex(({ draft }) => draft === undefined);
    return queue.splice(0, end === 0 ? 1 : Math.min(end === -1 ? queue.length : end, MAX_BATCH));
  };

  const commit = async (roomId: string, batch: readonly Waiting[]): Promise<(Written | undefined)[] | undefined> => {
    const drafts = batch.flatMap(({ draft }) => draft ?? []);
    if (drafts.length > 0) return store.append(roomId, drafts);
    return [await batch[0]?.change?.()];
  };

  const write = async (roomId: string, batch: readonly Waiting[]): Promise<void> => {
    const finish = metrics.commitSeconds.startTimer();
    try {
      const written = await commit(roomId, batch);
      finish();
      metrics.commitBatchSize.observe(batch.length);
      const added = (written ?? []).flatMap((one) => (one?.isNew ? one : []));
      for (const listener of listeners) listener.committed(roomId, added);
      for (const [index, waiting] of batch.entries()) answer(roomId, waiting, written && (written[index] ?? 'absent'));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  };

  const drainQueue = async (roomId: string, queue: Waiting[]): Promise<void> => {
    while (queue.length > 0) await write(roomId, takeBatch(queue));
    queues.delete(roomId);
    writers.delete(roomId);
  };

  const enqueue = (roomId: string, work: Pick<Waiting, 'draft' | 'change'>): Promise<Written> =>
    new Promise((resolve, reject) => {
      const queue = queues.get(roomId) ?? [];
      if (queue.length >= queueLimit) return reject(new Failure(errors.overloaded));
      queue.push({ ...work, resolve, reject });
      if (queues.has(roomId)) return;
      queues.set(roomId, queue);
      // In the next microtask, so that frames from one read of the socket are one batch.
      writers.set(
        roomId,
        Promise.resolve().then(() => drainQueue(roomId, queue)),
      );
    });

  return {
    append: (roomId, draft) => enqueue(roomId, { draft }),
    edit: (roomId, id, userId, content) => enqueue(roomId, { change: () => store.edit(roomId, id, userId, content) }),
    remove: (roomId, id, userId) => enqueue(roomId, { change: () => store.remove(roomId, id, userId) }),
    idle: async () => {
      while (writers.size > 0) await Promise.all(writers.values());
    },
  };
};

/** @param written `undefined`: there is no such room; `absent`: there is no such message */
const answer = (roomId: string, { draft, resolve, reject }: Waiting, written: Written | 'absent' | undefined): void => {
  if (written === undefined) return reject(new Failure(errors.unknown_room, `There is no room “${roomId}”`));
  if (written === 'absent') return reject(new Failure(errors.unknown_message));
  const isAnothers = draft !== undefined && written.message.user_id !== draft.userId;
  if (isAnothers) return reject(new Failure(errors.client_id_taken));
  resolve(written);
};
