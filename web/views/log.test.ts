import { describe, expect, test } from 'bun:test';
import { aMessage } from '../testing/upstreams.ts';
import { isGrouped, type LogOptions, messages, startsDay } from './log.ts';
import type { Reader } from './message.ts';
import { clockOf } from './time.ts';

const reader: Reader = { id: 'ada', name: 'Ada', locale: 'en-GB', timeZone: 'UTC' };
const clock = clockOf(reader);
const at = (time: string): number => Date.parse(`2026-01-31T${time}Z`);
const by = (userId: string, time: string, type = 'text') => ({ userId, at: at(time), type });

describe('grouping', () => {
  test('joins messages of one author within five minutes on the same day', () => {
    expect(isGrouped(by('bob', '12:00:00'), by('bob', '12:04:59'), clock)).toBe(true);
    expect(isGrouped(by('bob', '12:00:00'), by('bob', '12:05:00'), clock)).toBe(false);
    expect(isGrouped(by('bob', '12:00:00'), by('ann', '12:00:01'), clock)).toBe(false);
    expect(isGrouped(undefined, by('bob', '12:00:00'), clock)).toBe(false);
    expect(isGrouped(by('bob', '12:00:00', 'system'), by('bob', '12:00:01'), clock)).toBe(false);
  });

  test('uses the reader’s time zone for days', () => {
    const tokyo = clockOf({ ...reader, timeZone: 'Asia/Tokyo' });
    const [before, after] = [by('bob', '14:59:00'), by('bob', '15:01:00')];
    expect([startsDay(before, after, clock), startsDay(before, after, tokyo)]).toEqual([false, true]);
    expect([isGrouped(before, after, clock), isGrouped(before, after, tokyo)]).toEqual([true, false]);
  });
});

describe('the log', () => {
  const now = at('13:00:00');
  const render = (list: Parameters<typeof messages>[0], options: Partial<LogOptions> = {}): string =>
    messages(list, reader, { now, ...options }).text;

  test('has a divider before each day’s first message, in words', () => {
    const markup = render([
      aMessage(1, { created_at: '2025-03-01T10:00:00.000Z' }),
      aMessage(2, { created_at: '2026-01-30T10:00:00.000Z' }),
      aMessage(3, { created_at: '2026-01-31T10:00:00.000Z' }),
    ]);
    expect([...markup.matchAll(/class="day"[^>]*><span>([^<]*)/g)].map(([, day]) => day)).toEqual([
      'Saturday, 1 March 2025',
      'Yesterday',
      'Today',
    ]);
  });

  test('has the line once, before the first unread message of someone else, and no group across it', () => {
    const list = [aMessage(1), aMessage(2, { deleted_at: '2026-01-31T12:00:00.000Z' }), aMessage(3), aMessage(4)];
    const markup = render(list, { readPosition: 1 });
    expect(markup.match(/id="new"/g)).toHaveLength(1);
    expect(markup).toMatch(/id="new"><span>New<\/span><\/div><article class="message" id="m-[^"]*" data-position="3"/);
    expect(render(list, { readPosition: 4 })).not.toContain('id="new"');
    expect(render(list)).not.toContain('id="new"');
  });

  test('offers editing and deleting only for the reader’s own messages', () => {
    expect(render([aMessage(1)])).not.toContain('data-act="edit"');
    const own = render([aMessage(1, { user_id: 'ada' })]);
    expect(own).toContain('data-act="edit"');
    expect(own).toContain('data-act="delete"');
    expect(render([aMessage(1, { user_id: 'ada', deleted_at: '2026-01-31T12:00:00.000Z' })])).not.toContain('data-act');
  });
});

test('texts beyond the page’s budget are shown unformatted, and none is lost', () => {
  const costly = (n: number): string => `${n} ${'*a_b*c_'.repeat(40)} **bold**`;
  const list = Array.from({ length: 200 }, (_, n) => aMessage(n + 1, { content: costly(n) }));
  const page = messages(list, reader, { now: at('12:00:00') }).text;
  const marked = page.match(/<strong>bold<\/strong>/g)?.length ?? 0;
  const plain = page.match(/\*\*bold\*\*/g)?.length ?? 0;
  expect(marked).toBeGreaterThan(20);
  expect(plain).toBeGreaterThan(20);
  expect(marked + plain).toBe(200);
});

test('texts beyond the page’s size are shown unformatted', () => {
  const page = (count: number): string => {
    const list = Array.from({ length: count }, (_, n) =>
      aMessage(n + 1, { content: `\`\`\`js\n${'"'.repeat(7_900)}${n}\n\`\`\`` }),
    );
    return messages(list, reader, { now: at('12:00:00') }).text;
  };
  expect(page(5).match(/<pre/g)).toHaveLength(5);
  const elements = page(50).match(/<span/g)?.length ?? 0;
  expect(elements).toBeLessThan(12 * (page(1).match(/<span/g)?.length ?? 0));
});
