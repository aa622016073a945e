import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { createBackoff } from './backoff.ts';

test('pauses are bounded, random within a limit that doubles, and short again after a success', () => {
  const limits = { baseMs: fc.integer({ min: 1, max: 1_000 }), maxMs: fc.integer({ min: 1, max: 60_000 }) };
  fc.assert(
    fc.property(fc.record(limits), fc.array(fc.double({ min: 0, max: 1, noNaN: true })), ({ baseMs, maxMs }, parts) => {
      const rest = [...parts];
      const backoff = createBackoff({ baseMs, maxMs, random: () => rest.shift() ?? 0 });
      for (const [attempt, part] of parts.entries())
        expect(backoff.next()).toBeCloseTo(part * Math.min(maxMs, baseMs * 2 ** attempt), 5);
      backoff.reset();
      rest.push(1);
      expect(backoff.next()).toBe(Math.min(baseMs, maxMs));
    }),
  );
});

test('the least pause is added to the random one, and thousands of attempts do not overflow it', () => {
  const backoff = createBackoff({ baseMs: 10, maxMs: 100, random: () => 1 });
  expect(backoff.next(1_000)).toBe(1_010);
  for (let attempt = 0; attempt < 5_000; attempt += 1) backoff.next();
  expect(backoff.next()).toBe(100);
});
