/** chat's variables. `docs/operating.md` lists them from this schema. */
import { type Config, commonVariables, databaseVariables, portVariable, t } from '@parley/kit/process/config';

export const ChatVariables = t.Object({
  ...commonVariables,
  PORT: portVariable(8020),
  ...databaseVariables,
  REDIS_URL: t.String({
    default: 'redis://localhost:6379',
    description: 'Redis for the fan-out between replicas; `memory:NAME` within one process. Away: single-node mode',
    secret: true,
  }),
  NOTIFICATION_URL: t.String({
    default: 'http://localhost:8022',
    description: 'Where the notification service answers: mentions, edits and deletions are told there',
  }),
  FILE_URL: t.String({
    default: 'http://localhost:8023',
    description: "Where the file service answers: a deleted message's file is removed there",
  }),
  OUTBOX_RETENTION_DAYS: t.Integer({
    default: 30,
    minimum: 1,
    maximum: 36_500,
    description: 'What other services have taken of the outbox is kept for this many days',
  }),
  FRAMES_PER_SECOND: t.Number({
    default: 100,
    minimum: 0,
    maximum: 100_000,
    description: 'Frames a socket may send per second in the long run; `0` is no limit',
  }),
  FRAMES_BURST: t.Integer({
    default: 300,
    minimum: 1,
    maximum: 100_000,
    description: 'Frames a socket may send at once before the rate counts',
  }),
  RESYNC_LIMIT: t.Integer({
    default: 1_000,
    minimum: 1,
    maximum: 100_000,
    description: 'A client further behind than this many changes is told to reload',
  }),
  SOCKET_BUFFER_BYTES: t.Integer({
    default: 1_048_576,
    minimum: 65_536,
    maximum: 67_108_864,
    description: 'Unread bytes that a socket may pile up before it is closed and told to come back',
  }),
  ROOMS_BURST: t.Integer({
    default: 20,
    minimum: 1,
    maximum: 100_000,
    description: 'Rooms that a person may create at once, with `AUTH_SECRET`, on one replica',
  }),
  ROOMS_PER_HOUR: t.Number({
    default: 20,
    minimum: 0,
    maximum: 100_000,
    description: 'Rooms that a person may create per hour in the long run, with `AUTH_SECRET`; `0` is no limit',
  }),
  ROOM_QUEUE_LIMIT: t.Integer({
    default: 5_000,
    minimum: 1,
    maximum: 1_000_000,
    description: 'Changes of one room that may wait for the database; more are refused as `overloaded`',
  }),
});

export type ChatConfig = Config<typeof ChatVariables>;
