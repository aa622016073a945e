/**
 * Chat under an open-loop load: USERS in ROOMS together send RATE messages a second for DURATION_S and never wait for answers. Every message
 * must reach every member of its room once and in order; latency is measured from the scheduled send time.
 */
import exec from 'k6/execution';
import http from 'k6/http';
import type { Options } from 'k6/options';
import { type CreateRoomArgs, createRoom } from '../../client/api/chat.ts';
import { urlOf } from '../../client/http.ts';
import { joinRoom } from './member.ts';
import { json, number, origin, proofOf, results } from './origin.ts';
import { reportOf, type Summary } from './report.ts';
import { type Load, roomOf, sendTimes, usersOf } from './schedule.ts';
import { createTally } from './tally.ts';

const load: Load = {
  users: number('USERS', 50),
  rooms: number('ROOMS', 5),
  rate: number('RATE', 100),
  durationMs: number('DURATION_S', 20) * 1_000,
};
/** Time for everyone to join before the first message. */
const WARM_UP_MS = number('WARM_UP_S', 3) * 1_000;
/** How long the run waits for outstanding messages at its end. */
const PATIENCE_MS = number('PATIENCE_S', 15) * 1_000;

export const options: Options = {
  scenarios: {
    chat: {
      executor: 'per-vu-iterations',
      vus: load.users,
      iterations: 1,
      maxDuration: `${(WARM_UP_MS + load.durationMs + PATIENCE_MS) / 1_000 + 30}s`,
    },
  },
  thresholds: {
    lost: ['count==0'],
    unacked: ['count==0'],
    duplicates: ['count==0'],
    reorders: ['count==0'],
    refusals: ['count==0'],
    delivery: [`p(95)<${number('P95_MS', 500)}`],
  },
  summaryTrendStats: ['min', 'med', 'avg', 'p(90)', 'p(95)', 'p(99)', 'max', 'count'],
};

interface Run {
  readonly run: string;
  readonly startsAt: number;
}

const uuid = (): string => {
  const digit = (from: string) => ('x' === from ? Math.floor(Math.random() * 16) : 8).toString(16);
  return 'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx'.replace(/[xy]/g, digit);
};

const roomName = (run: string, room: number): string => `load-${run.slice(0, 8)}-${room}`;

export const setup = (): Run => {
  // A UUID without its last group: member.ts adds the sender and the number of each message.
  const run = uuid().slice(0, -13);
  for (let room = 0; room < load.rooms; room += 1) {
    const id = roomName(run, room);
    const url = urlOf({ baseUrl: origin }, createRoom.service, createRoom.path);
    const body = JSON.stringify({ id, name: `# ${id}` } satisfies CreateRoomArgs);
    const { status } = http.request(createRoom.method, url, body, { headers: { ...json, ...proofOf('load') } });
    if (status !== 201) exec.test.abort(`The room ${id} could not be created: ${status}`);
  }
  return { run, startsAt: Date.now() + WARM_UP_MS };
};

export default function chat({ run, startsAt }: Run): void {
  const index = exec.vu.idInTest - 1;
  const room = roomOf(index, load);
  const expected = new Map(usersOf(room, load).map((user) => [user, sendTimes(run, user, load).length]));
  joinRoom({
    run,
    room: roomName(run, room),
    index,
    sendAt: sendTimes(run, index, load).map((at) => startsAt + at),
    endsAt: startsAt + load.durationMs + PATIENCE_MS,
    tally: createTally(expected),
  });
}

export const handleSummary = (summary: Summary): Record<string, string> => {
  const about = `${load.users} users in ${load.rooms} rooms at ${load.rate} messages/s against ${origin}`;
  return reportOf(summary, results, 'chat', about);
};
