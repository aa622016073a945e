import { expect, test } from 'bun:test';
import { eventually } from '@parley/kit/testing/eventually';
import { holdToPace } from './held.ts';

const PACE = { minBytesPerS: 1_000, graceMs: 50, timeoutMs: 60_000 };

const sourceOf = (chunks: number, bytesEach = 10) => {
  const state = { given: 0, isCancelled: false };
  const stream = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        if (state.given === chunks) return controller.close();
        state.given += 1;
        controller.enqueue(new Uint8Array(bytesEach));
      },
      cancel: () => {
        state.isCancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, state };
};

test('a reader in time gets all of it, and the place is given back', async () => {
  const { stream, ended } = holdToPace(sourceOf(5).stream, PACE);
  expect((await new Response(stream).bytes()).length).toBe(50);
  await ended;
});

test('a reader who stops is cut off, and the source let go', async () => {
  const { stream: source, state } = sourceOf(1_000);
  const { stream, ended } = holdToPace(source, PACE);
  const reader = stream.getReader();
  await reader.read();
  await ended;
  await expect(reader.read()).rejects.toMatchObject({ code: 'too_slow' });
  await eventually(() => expect(state.isCancelled).toBeTrue());
  expect(state.given).toBeLessThan(5);
});

test('a reader of a few bytes now and then is cut off too', async () => {
  const reader = holdToPace(sourceOf(1_000, 1).stream, PACE).stream.getReader();
  const readSlowly = async () => {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) await Bun.sleep(5);
  };
  await expect(readSlowly()).rejects.toMatchObject({ code: 'too_slow' });
});

test('a reader who goes away gives the place back', async () => {
  const { stream: source, state } = sourceOf(10);
  const { stream, ended } = holdToPace(source, PACE);
  await stream.cancel();
  await ended;
  expect(state.isCancelled).toBeTrue();
});

test('a store that fails ends it with its failure', async () => {
  const broken = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error('away')) });
  const { stream, ended } = holdToPace(broken, PACE);
  await expect(new Response(stream).bytes()).rejects.toThrow('away');
  await ended;
});

test('a reader who never begins gives the place back', async () => {
  const { stream: source, state } = sourceOf(10);
  await holdToPace(source, PACE).ended;
  expect(state).toEqual({ given: 0, isCancelled: true });
});
