/** Texts in the encodings that people's editors and office programs write. */
import fc from 'fast-check';

const SINGLE_BYTE = [
  'windows-1252',
  'windows-1251',
  'windows-1253',
  'iso-8859-2',
  'iso-8859-15',
  'koi8-r',
  'macintosh',
];
const DOUBLE_BYTE = ['shift_jis', 'gbk', 'euc-kr', 'big5'];

const decoded = (label: string, bytes: number[]): string => {
  try {
    return new TextDecoder(label, { fatal: true }).decode(Uint8Array.from(bytes));
  } catch {
    return '';
  }
};

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, at) => from + at);

const ASCII = [9, 10, 12, 13, 27, ...range(32, 126)].map((byte) => [byte]);

/** The byte sequences that are one character in an encoding. */
const charactersOf = (label: string): number[][] => {
  const one = range(0x80, 0xff).map((byte) => [byte]);
  const two = range(0x81, 0xfe).flatMap((lead) => range(0x40, 0xfe).map((trail) => [lead, trail]));
  const candidates = DOUBLE_BYTE.includes(label) ? two.filter(([, trail]) => trail !== 0x7f) : one;
  return candidates.filter((bytes) => [...decoded(label, bytes)].length === 1);
};

const inTable = (label: string): fc.Arbitrary<Buffer> => {
  const character = fc.oneof(fc.constantFrom(...ASCII), fc.constantFrom(...charactersOf(label)));
  return fc.array(character, { minLength: 1, maxLength: 200 }).map((characters) => Buffer.from(characters.flat()));
};

const hasControls = (text: string): boolean =>
  [...text].some((character) => /\p{Cc}/u.test(character) && !'\t\n\r\f\x1b'.includes(character));

/** Text without controls, as people write it. */
const words: fc.Arbitrary<string> = fc
  .string({
    unit: fc.oneof(
      fc.constantFrom('\t', '\n', '\r\n', '\x1b[1m', '\f'),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
    ),
    minLength: 1,
    maxLength: 200,
  })
  .filter((text) => text.isWellFormed() && !hasControls(text));

const BOM = '\ufeff';

/** Bytes of a text in any encoding, with the label of it. */
export const encodedText: fc.Arbitrary<{ label: string; bytes: Buffer }> = fc.oneof(
  words.map((text) => ({ label: 'utf-8', bytes: Buffer.from(text) })),
  words.map((text) => ({ label: 'utf-8', bytes: Buffer.from(BOM + text) })),
  words.map((text) => ({ label: 'utf-16le', bytes: Buffer.from(BOM + text, 'utf16le') })),
  words.map((text) => ({ label: 'utf-16be', bytes: Buffer.from(BOM + text, 'utf16le').swap16() })),
  ...[...SINGLE_BYTE, ...DOUBLE_BYTE].map((label) => inTable(label).map((bytes) => ({ label, bytes }))),
);
