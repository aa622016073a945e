import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { looseKey, nameKey } from './people.ts';

const spellings: string[][] = [
  ['Alice', 'ALICE', 'ａｌｉｃｅ'],
  ['José', 'Jose\u0301', 'JOSÉ'],
  ["O'Brien", 'O’Brien', 'O‘Brien', 'Oʼbrien', 'O＇Brien', 'O´Brien', 'O`Brien', 'O′Brien'],
  ['Jean-Luc', 'Jean‑Luc', 'jean–luc', 'Jean－Luc'],
  ['Ann Lee', 'Ann  Lee', ' ann\u00a0lee ', 'Ann\u3000Lee'],
  ['Straße', 'STRASSE', 'STRAẞE'],
  ['Οδυσσεύς', 'ΟΔΥΣΣΕΎΣ'],
  ['ﬁona', 'fiona'],
  ['نیم\u200cفاصله', 'نیمفاصله'],
  ['👩\u200d🚀', '👩🚀', '👩\ufe0f🚀'],
  ['हिन्दी', 'हिन्दी'.normalize('NFD')],
  ['민수', '민수'.normalize('NFD')],
];

test('other spellings of a name are one name', () => {
  for (const names of spellings) expect([names, new Set(names.map(nameKey)).size]).toEqual([names, 1]);
});

test.each([
  ['Zoë', 'Zoe'],
  ['Işıl', 'isil'],
  ['Łukasz', 'lukasz'],
  ['Søren', 'Soren'],
  ['Ñandú', 'nandu'],
  ['Ёлка', 'елка'],
  ['Μαρία', 'μαρια'],
  ['مُحَمَّد', 'محمد'],
  ['דָּוִד', 'דוד'],
  ['Nguyễn', 'Nguyen'],
])('%s and %s differ by accents only', (name, plain) => {
  expect(nameKey(name)).not.toBe(nameKey(plain));
  expect(looseKey(name)).toBe(looseKey(plain));
});

test.each([
  ['हि', 'ह'],
  ['が', 'か'],
  ['สม', 'สมา'],
  ['ann', 'anne'],
  ['й', 'ии'],
])('%s and %s are two names, accents or not', (one, other) => {
  expect(looseKey(one)).not.toBe(looseKey(other));
});

test('a name with nothing to see has no key', () => {
  for (const name of ['', ' ', '\u3164', '\u200b', '\u00ad\u2060', '\ufe0f']) expect(nameKey(name)).toBe('');
});

test('a key is its own key, whatever the name', () => {
  const names = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc
      .array(fc.constantFrom(...'aİıßς´˘″ˈ’ΐǰﬃ½', ' ', '\u0345', '\u0300', '\u064b', '\u200d', '\u1100', '\u1161'), {
        maxLength: 12,
      })
      .map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(names, (name) => {
      expect(nameKey(nameKey(name))).toBe(nameKey(name));
      expect(looseKey(looseKey(name))).toBe(looseKey(name));
      expect(looseKey(nameKey(name))).toBe(looseKey(name));
    }),
    { numRuns: 2_000 },
  );
});
