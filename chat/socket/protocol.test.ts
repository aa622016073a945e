/** Compares docs/protocol.md with the schemas and tables of the code. */
import { describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { closeCodes } from '@parley/kit/network/close-codes';
import { endpointsOf, readDocument } from '@parley/testing/openapi/document';
import { Value } from '@sinclair/typebox/value';
import type { TSchema } from 'elysia';
import { clientFrames, serverFrames } from '../frames.ts';
import { startTestChat } from '../testing/server.ts';

const page = readFileSync(join(import.meta.dir, '../../docs/protocol.md'), 'utf8');

/** The text below a heading of the second level. */
const section = (heading: string): string => {
  const [, text] = page.split(`\n## ${heading}\n`);
  if (text === undefined) throw new Error(`There is no section ${heading}`);
  return text.split('\n## ')[0] ?? '';
};

/** The rows of a section's table, as cells, without its head. */
const rowsOf = (heading: string): string[][] =>
  section(heading)
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('`', '')),
    );

/** The text of each frame in a section, by the frame's name. */
const partsOf = (heading: string): Map<string, string> =>
  new Map(
    section(heading)
      .split('\n### ')
      .slice(1)
      .map((part): [string, string] => [/^`(\w+)`\n/.exec(part)?.[1] ?? part, part]),
  );

const examplesOf = (part: string): unknown[] =>
  [...part.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json = '']) => JSON.parse(json));

const keysOf = (value: unknown): string[] => Object.keys(value as object);

const directions: [string, Record<string, TSchema>][] = [
  ['Frames to the service', clientFrames],
  ['Frames from the service', serverFrames],
];

describe.each(directions)('%s', (heading, schemas) => {
  const parts = partsOf(heading);

  test('are all described, and no others', () => {
    expect([...parts.keys()].toSorted()).toEqual(Object.keys(schemas).toSorted());
  });

  test.each(Object.entries(schemas))('%s has examples, which its schema takes', (name, schema) => {
    const examples = examplesOf(parts.get(name) ?? '');
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) {
      expect([...Value.Errors(schema, example)]).toEqual([]);
      // An example has only fields of its schema, unless the schema allows others.
      if (schema.additionalProperties !== true)
        expect(keysOf(example).filter((key) => !(key in schema.properties))).toEqual([]);
    }
  });

  test.each(Object.entries(schemas))('%s is shown with every field somewhere', (name, schema) => {
    const shown = examplesOf(parts.get(name) ?? '').flatMap(keysOf);
    expect(keysOf(schema.properties).filter((key) => !shown.includes(key))).toEqual([]);
  });
});

test('the close codes are those of the table, and say whether to come back', () => {
  expect(rowsOf('Close codes')).toEqual(
    Object.entries(closeCodes).map(([name, { code, reconnect, reason }]) => [
      String(code),
      name,
      reconnect ? 'yes' : 'no',
      reason,
    ]),
  );
});

test('the endpoints are those of the OpenAPI document', async () => {
  const chat = await startTestChat();
  const endpoints = endpointsOf(await readDocument(chat.url)).map(({ method, path }) => `${method} ${path}`);
  await chat.stop();
  expect(
    rowsOf('HTTP')
      .map(([endpoint]) => endpoint)
      .toSorted(),
  ).toEqual(endpoints.toSorted());
});

test('its links lead somewhere', () => {
  const anchors = [...page.matchAll(/^#{2,3} (.+)$/gm)].map(([, heading = '']) =>
    heading.toLowerCase().replaceAll('`', '').replaceAll(' ', '-'),
  );
  const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor);
  expect(links.length).toBeGreaterThan(0);
  expect(links.filter((link) => !anchors.includes(link ?? ''))).toEqual([]);
});
