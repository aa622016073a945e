import { describe, expect, test } from 'bun:test';
import { Failure } from '@parley/kit/errors/failure';
import { createRoomQuota } from './quota.ts';

describe('the rooms that a person may create', () => {
  const start = (perHour = 6) => {
    let nowMs = 0;
    const quota = createRoomQuota({ burst: 3, perHour, now: () => nowMs });
    const create = (who: string): number => {
      try {
        quota.take(who);
        return 0;
      } catch (error) {
        if (!(error instanceof Failure) || error.code !== 'rate_limited') throw error;
        return Number(error.fields.retry_after_ms);
      }
    };
    return {
      create,
      wait: (ms: number) => {
        nowMs += ms;
      },
    };
  };

  test('are allowed again with time, and the refusal has the time to wait', () => {
    const { create, wait } = start();
    expect([create('ann'), create('ann'), create('ann')]).toEqual([0, 0, 0]);
    const retryAfterMs = create('ann');
    expect(retryAfterMs).toBe(600_000);
    wait(retryAfterMs - 1_000);
    expect(create('ann')).toBeGreaterThan(0);
    wait(1_000);
    expect(create('ann')).toBe(0);
  });

  test('are counted per person', () => {
    const { create } = start();
    for (let count = 0; count < 10; count += 1) create('ann');
    expect(create('bob')).toBe(0);
  });

  test('have no limit if the operator set none', () => {
    const { create } = start(0);
    for (let count = 0; count < 100; count += 1) expect(create('ann')).toBe(0);
  });
});
