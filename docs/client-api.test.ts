import { describe, expect, test } from 'bun:test';
import { t } from 'elysia';
import { apis } from '../services.ts';
import { clientApi } from './client-api.ts';
import { commentOf, fieldsOf, identityOf, typeOf } from './typescript.ts';

test('client/api has the contracts as they are: bun run docs writes it anew', async () => {
  const files = await clientApi();
  const services = apis.map(([name]) => `${name}.ts`);
  expect([...files.keys()].map((path) => path.split('/').at(-1)).toSorted()).toEqual(
    [...services, 'endpoints.ts', 'errors.ts', 'frames.ts', 'gateway.ts'].toSorted(),
  );
  for (const [path, text] of files) expect(await Bun.file(path).text()).toBe(text);
});

describe('in TypeScript', () => {
  const Room = t.Object({ id: t.String() });

  test.each([
    ['an integer', t.Integer({ minimum: 1 }), 'number'],
    ['a literal', t.Literal('it’s'), "'it’s'"],
    ['a text with an apostrophe', t.Literal("it's"), "'it\\'s'"],
    ['one of some texts', t.UnionEnum(['text', 'file']), "'text' | 'file'"],
    ['a text or null', t.Nullable(t.String()), 'string | null'],
    ['a list of such', t.Array(t.Nullable(t.String())), '(string | null)[]'],
    ['an object', t.Object({ a: t.Optional(t.Boolean()), b: t.Number() }), '{ a?: boolean;\nb: number; }'],
    ['a key that is no name', t.Object({ 'a-b': t.String() }), "{ 'a-b': string; }"],
    ['further fields', t.Object({}, { additionalProperties: t.String() }), '{ \n[name: string]: string; }'],
    ['a file', t.File(), 'Blob'],
    ['a noun', t.Array(Room), '(Room)[]'],
    ['a noun with another description', { ...Room, description: 'Another' }, 'Room'],
  ])('%s', (_, schema, wanted) => {
    expect(typeOf(schema, new Map([[identityOf(Room), 'Room']]))).toBe(wanted);
  });

  test('what has no type yet is an error, not a guess', () => {
    expect(() => typeOf(t.Uint8Array(), new Map())).toThrow('There is no TypeScript for');
  });

  test('fields have their descriptions, broken into lines where they are long', () => {
    expect(fieldsOf({ id: t.String({ description: 'Whose' }) }, new Map())).toBe('/** Whose */\nid: string;');
    const orNull = { id: t.Union([t.String({ description: 'Whose' }), t.Null()]) };
    expect(fieldsOf(orNull, new Map())).toBe('/** Whose */\nid: string | null;');
    const before = { before: t.Optional(t.Integer()) };
    expect(fieldsOf(before, new Map())).toBe('before?: number;');
    expect(fieldsOf(before, new Map(), true)).toBe('before?: number | undefined;');
    const lines = commentOf('word '.repeat(60).trim()).split('\n');
    expect(lines).toHaveLength(5);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(140);
  });
});
