import { expect, test } from 'bun:test';
import { type BodyRules, JSON_ONLY, judgeBody } from './bodies.ts';

const judge = (rules: BodyRules, method: string, path: string, headers: Record<string, string>) => {
  try {
    return judgeBody(rules, method, path, new Headers(headers));
  } catch (error) {
    return (error as { code?: string }).code;
  }
};
const rules: BodyRules = {
  ...JSON_ONLY,
  maxBytes: 1_000,
  exceptions: [
    { method: 'POST', path: /^\/people\/[^/]+$/, jsonType: 'text/plain' },
    { method: 'POST', path: /^\/upload$/, types: 'any', maxBytes: 'none' },
    { method: 'POST', path: /^\/form$/, types: ['multipart/form-data'], maxBytes: 5_000 },
  ],
};
const text = { 'content-type': 'text/plain;charset=UTF-8' };

test('text/plain is parsed as JSON only by the route that allows it', () => {
  expect(judge(rules, 'POST', '/people/ann', text)).toMatchObject({ isJson: true });
  expect(judge(rules, 'POST', '/people/ann', { 'content-type': 'text/html' })).toBe('wrong_media_type');
  for (const [method, path] of [
    ['PUT', '/people/ann'],
    ['POST', '/people/ann/typing'],
    ['POST', '/people/'],
  ] as const)
    expect(judge(rules, method, path, text)).toBe('wrong_media_type');
});

test('no limit applies to a route that limits its body itself', () => {
  const huge = { 'content-length': '99999999' };
  expect(judge(rules, 'POST', '/upload', { ...huge, ...text })).toEqual({ isJson: false, maxBytes: undefined });
  expect(judge(rules, 'POST', '/upload/', { ...huge })).toBe('too_large');
});

test('the limit applies to forms too', () => {
  const form = { 'content-type': 'multipart/form-data; boundary=x' };
  expect(judge(rules, 'POST', '/form', { ...form, 'content-length': '5000' })).toMatchObject({ maxBytes: 5_000 });
  expect(judge(rules, 'POST', '/form', { ...form, 'content-length': '5001' })).toBe('too_large');
  expect(judge(rules, 'POST', '/texts', form)).toBe('wrong_media_type');
});
