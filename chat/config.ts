/** chat's environment variables. `docs/operating.md` is generated from this schema. */
import { type Config, commonVariables, databaseVariables, portVariable, t } from '@parley/kit/process/config';

export const ChatVariables = t.Object({
  ...commonVariables,
  PORT: portVariable(8020),
  ...databaseVariables,
  REDIS_URL: t.String({
    default: 'redis://localhost:6379',
    description:
      'Redis for events between replicas; `memory:NAME` within one process. While it is away, other replicas get changes from Postgres',
    secret: true,
  }),
  NOTIFICATION_URL: t.String({
    default: 'http://localhost:8022',
    description: 'URL of the notification service, which gets mentions, edits and deletions',
  }),
  FILE_URL: t.String({
    default: 'http://localhost:8023',
    description: "URL of the file service, which removes a deleted message's file",
  }),
  OUTBOX_RETENTION_DAYS: t.Integer({
    default: 30,
    minimum: 1,
    maximum: 36_500,
    description: 'Days to keep entries of the outbox after they were delivered to other services',
  }),
  FRAMES_PER_SECOND: t.Number({
    default: 100,
    minimum: 0,
    maximum: 100_000,
    description: 'Frames per second that a socket may send in the long run; `0` is no limit',
  }),
  FRAMES_BURST: t.Integer({
    default: 300,
    minimum: 1,
    maximum: 100_000,
    description: 'Frames that a socket may send at once before the rate applies',
  }),
  RESYNC_LIMIT: t.Integer({
    default: 1_000,
    minimum: 1,
    maximum: 100_000,
    description: 'A client that is more than this many changes behind has to load the history again',
  }),
  SOCKET_BUFFER_BYTES: t.Integer({
    default: 1_048_576,
    minimum: 65_536,
    maximum: 67_108_864,
    description:
      'Unread bytes of a socket at which its client is cut off, and reconnects; at half of that it is closed with code 1013',
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
    description: 'Changes of one room that may wait for the database; more are refused with `overloaded`',
  }),
});

export type ChatConfig = Config<typeof ChatVariables>;
