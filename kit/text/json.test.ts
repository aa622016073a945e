import { expect, test } from 'bun:test';
import { parseJson } from './json.ts';

const spread = (text: string) => ({ ...(parseJson(text) as Record<string, unknown>) });

test('keys that would become inherited fields are dropped, however deep and however they are written', () => {
  for (const key of [
    '__proto__',
    'constructor',
    'prototype',
    '\\u005f_proto__',
    '__pr\\u006fto__',
    'c\\u006Fnstructor',
  ]) {
    expect(spread(`{"${key}":{"user_id":"mallory"},"a":1}`)).toEqual({ a: 1 });
    expect(parseJson(`[{"deep":[{"${key}":1,"b":2}]}]`)).toEqual([{ deep: [{ b: 2 }] }]);
    expect((parseJson(`{"${key}":{"user_id":"x"}}`) as { user_id?: unknown }).user_id).toBeUndefined();
  }
});

test('such words are kept as values, and as parts of keys', () => {
  const value = { text: '__proto__ constructor', constructors: 1, __proto: 2, list: ['prototype'] };
  expect(parseJson(JSON.stringify(value))).toEqual(value);
});
