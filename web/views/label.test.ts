import { expect, test } from 'bun:test';
import { aMessage } from '../testing/upstreams.ts';
import { labelOf } from './label.ts';
import { messages } from './log.ts';
import { pending } from './pending.ts';
import { roomTitle } from './title.ts';

const MARKS = ['\u061c', '\u200e', '\u200f', '\u202a', '\u202d', '\u202e', '\u2066', '\u2068', '\u2069'];

test('a label has no marks of direction, and every other character of the name', () => {
  for (const mark of MARKS) expect(labelOf(`${mark}Zoë ${mark}ليلى 👩‍💻`)).toBe('Zoë ليلى 👩‍💻');
});

test('messages and titles are labelled without them', () => {
  const name = '\u202eBob';
  const reader = { id: 'bob', name, locale: 'en-GB', timeZone: 'UTC' };
  const shown = messages([aMessage(1, { username: name })], reader, { now: 0 }).text;
  const outgoing = { clientId: 'c1', content: 'hi', messageType: 'text', fileUrl: null } as const;
  expect(shown).toContain('aria-label="Bob"');
  expect(shown).toContain(`<bdi class="author">${name}</bdi>`);
  expect(pending(outgoing, reader, true).text).toContain('aria-label="Bob, being sent"');
  expect(roomTitle('\u202elive')).toBe('#live · Parley');
});
