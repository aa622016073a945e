/**
 * The writer of the log: group commit. Per room, what arrives while the last commit is in flight is written as one batch by the
 * next. A room's changes are stored, and told to `onCommitted`, in the order in which they were asked for here.
 */
import { Failure } from '@parley/kit/errors/errors';
import type { ChatMetrics } from '../metrics.ts';
import type { Draft } from './rules.ts';
import type { MessageStore, Written } from './store.ts';

export interface Log {
  /** @throws {Failure} `unknown_room`, `client_id_taken`, `overloaded`, `storage_unavailable` (it may have been stored: send it again with the same client_id) */
  append(roomId: string, draft: Draft): Promise<Written>;
  /** @throws {Failure} `unknown_message` when it isn't there or not this user's; else like `append` */
  edit(roomId: string, id: string, userId: string, content: string): Promise<Written>;
  remove(roomId: string, id: string, userId: string): Promise<Written>;
  /** Resolves when nothing waits to be written. */
  idle(): Promise<void>;
}

export interface LogOptions {
  readonly store: Pick<MessageStore, 'append' | 'edit' | 'remove'>;
  readonly metrics: ChatMetrics;
  /** The most changes of one room that may wait. */
  readonly queueLimit: number;
  /** Called after each commit, before those who asked are answered, with what is new, by `seq`. */
  onCommitted(roomId: string, written: readonly Written[]): void;
}

const MAX_BATCH = 500;

interface Waiting {
  /** Drafts are gathered into one insert; any other change stands alone between them. */
  readonly draft?: Draft;
  readonly change?: () => Promise<Written | undefined>;
  resolve(written: Written): void;
  reject(error: unknown): void;
}

export const createLog = ({ store, metrics, queueLimit, onCommitted }: LogOptions): Log => {
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
      onCommitted(
        roomId,
        (written ?? []).flatMap((one) => (one?.isNew ? one : [])),
      );
      for (const [index, waiting] of batch.entries()) settle(roomId, waiting, written && (written[index] ?? 'absent'));
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
      if (queue.length >= queueLimit) return reject(new Failure('overloaded'));
      queue.push({ ...work, resolve, reject });
      if (queues.has(roomId)) return;
      queues.set(roomId, queue);
      // A turn of the loop first, so that what came in the same read is one batch.
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

/** `undefined`: no such room. `absent`: no such message. */
const settle = (roomId: string, { draft, resolve, reject }: Waiting, written: Written | 'absent' | undefined): void => {
  if (written === undefined) return reject(new Failure('unknown_room', `There is no room “${roomId}”`));
  if (written === 'absent') return reject(new Failure('unknown_message'));
  const isAnothers = draft !== undefined && written.message.user_id !== draft.userId;
  if (isAnothers) return reject(new Failure('client_id_taken'));
  resolve(written);
};
