import { expect, test } from 'bun:test';
import type { ServerFrame } from '@parley/client/api/frames';
import { dispatch, type FrameTable, mergeHandlers } from './frames.ts';

const createTable = (calls: string[]) =>
  mergeHandlers(
    { ack: ({ client_id }) => void calls.push(`first ${client_id}`), pong: () => void calls.push('pong') },
    { ack: ({ client_id }) => void calls.push(`second ${client_id}`) },
    // The other types matter to no test here.
  ) as FrameTable;

const ack: ServerFrame = { type: 'ack', client_id: 'c1', id: 'm1', seq: 1, timestamp: '2026-01-01T00:00:00.000Z' };

test('a frame reaches all parts that take its type, in the order of the parts', () => {
  const calls: string[] = [];
  dispatch(createTable(calls), ack);
  expect(calls).toEqual(['first c1', 'second c1']);
});

test('a frame of a type that this page does not know is ignored', () => {
  const calls: string[] = [];
  dispatch(createTable(calls), { type: 'of_a_newer_server' } as unknown as ServerFrame);
  expect(calls).toEqual([]);
});
