import { expect, test } from 'bun:test';
import { joined, typing } from './typing.ts';

test('names are joined by commas and “and”', () => {
  expect(typing([]).text).toBe('');
  expect(typing(['ann']).text).toBe('<span><bdi>ann</bdi> is typing…</span>');
  expect(typing(['ann', 'bob', 'cy']).text).toBe(
    '<span><bdi>ann</bdi>, <bdi>bob</bdi> and <bdi>cy</bdi> are typing…</span>',
  );
  expect(typing(['a', 'b', 'c', 'd']).text).toContain('Several people');
  expect(joined('<b>').text).toBe('<span><bdi>&lt;b&gt;</bdi> joined</span>');
});
