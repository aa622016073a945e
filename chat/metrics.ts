/** chat's own metrics, beside those of every service. */
import type { Registry } from 'prom-client';
import { Counter, Gauge, Histogram } from 'prom-client';

const BUSIEST_ROOMS = 20;
const SECONDS = [0.000_5, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

export type ChatMetrics = ReturnType<typeof createChatMetrics>;

/** @param countSockets the open sockets per room, read at each scrape */
export const createSocketGauges = (registry: Registry, countSockets: () => ReadonlyMap<string, number>): void => {
  const registers = [registry];
  new Gauge({
    name: 'parley_chat_sockets',
    help: 'Open sockets',
    registers,
    collect() {
      this.set([...countSockets().values()].reduce((sum, count) => sum + count, 0));
    },
  });
  new Gauge({
    name: 'parley_chat_room_sockets',
    help: `Open sockets in each of the ${BUSIEST_ROOMS} busiest rooms`,
    labelNames: ['room'],
    registers,
    collect() {
      this.reset();
      const busiest = [...countSockets()].sort(([, a], [, b]) => b - a).slice(0, BUSIEST_ROOMS);
      for (const [room, count] of busiest) this.set({ room }, count);
    },
  });
};

export const createChatMetrics = (registry: Registry) => {
  const registers = [registry];
  return {
    framesIn: new Counter({
      name: 'parley_chat_frames_total',
      help: 'Frames received, by type',
      labelNames: ['type'],
      registers,
    }),
    delivered: new Counter({
      name: 'parley_chat_deliveries_total',
      help: 'Events handed to sockets: one per event and socket',
      registers,
    }),
    commitBatchSize: new Histogram({
      name: 'parley_chat_commit_batch_size',
      help: 'Changes written per commit',
      buckets: [1, 2, 5, 10, 25, 50, 100, 250, 500],
      registers,
    }),
    commitSeconds: new Histogram({
      name: 'parley_chat_commit_seconds',
      help: 'Time of one commit',
      buckets: SECONDS,
      registers,
    }),
    publishSeconds: new Histogram({
      name: 'parley_chat_publish_seconds',
      help: 'Time of one publish to Redis',
      buckets: SECONDS,
      registers,
    }),
    gapsFilled: new Counter({
      name: 'parley_chat_gaps_filled_total',
      help: 'Times that missing changes were fetched from the log',
      registers,
    }),
    refusals: new Counter({
      name: 'parley_chat_refusals_total',
      help: 'Error frames sent to sockets, by code',
      labelNames: ['code'],
      registers,
    }),
    closes: new Counter({
      name: 'parley_chat_closes_total',
      help: 'Sockets that chat closed, by reason',
      labelNames: ['reason'],
      registers,
    }),
    relayed: new Counter({
      name: 'parley_chat_outbox_deliveries_total',
      help: 'Deliveries of outbox entries to other services, by kind of entry and outcome',
      labelNames: ['kind', 'outcome'],
      registers,
    }),
    readingsRelayed: new Counter({
      name: 'parley_chat_mentions_read_total',
      help: 'Requests to the notification service to mark mentions of a user as read',
      labelNames: ['outcome'],
      registers,
    }),
  };
};
