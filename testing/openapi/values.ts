/** Arbitrary values for fast-check: some that a schema allows, and some that often cause failures. */
import fc, { type Arbitrary } from 'fast-check';
import { type OpenApiDocument, resolve, type Schema } from './document.ts';

const LONGEST_TEXT = 20_000;

/** Values that often cause failures: empty, huge, and values that JSON can express but UTF-8 or Postgres can't store. */
const worstTexts = ['', 'a\0b', 'a\ud800b', '\udfff', 'x'.repeat(LONGEST_TEXT), '😀'.repeat(200)];

const nastyTexts = [
  ' ',
  '\ufeff',
  '\u202eabc',
  '\r\nX-Injected: yes',
  'e\u0301'.repeat(60),
  "'; drop table messages; --",
  '<img src=x onerror=alert(1)>',
  '../../etc/passwd',
  '%00',
  '%',
  '{{7*7}}',
  '__proto__',
  'constructor',
  'null',
  'NaN',
  '-1',
  '1e309',
  '9223372036854775808',
  '0x10',
  '2026-02-30T25:61:61Z',
  '00000000-0000-0000-0000-000000000000',
  ...':*-',
  '+inf',
];

/** Text that often causes failures, halves of surrogate pairs and NUL bytes included. */
export const nastyText: Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...worstTexts) },
  { weight: 3, arbitrary: fc.constantFrom(...nastyTexts) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }) },
);

const nested = (depth: number): unknown => {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = level % 2 ? [value] : { a: value };
  return value;
};

/** Any JSON value, mostly of the wrong type. */
export const nastyValue: Arbitrary<unknown> = fc.oneof(
  nastyText,
  fc.constantFrom<unknown>(null, true, 0, -0, -1, 1.5, 1e308, 2 ** 53, 2 ** 63, 1e21, [], {}, [null], nested(2_000)),
  fc.jsonValue({ maxDepth: 3 }),
  fc.constant(JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}')),
);

const textOf = ({ pattern, format, minLength = 0, maxLength = 50 }: Schema): Arbitrary<unknown> => {
  if (pattern) return fc.stringMatching(new RegExp(pattern));
  if (format === 'uuid') return fc.uuid();
  if (format === 'date-time') return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  if (format === 'uri') return fc.webUrl();
  if (format === 'email') return fc.emailAddress();
  const length = { minLength, maxLength: Math.max(minLength, Math.min(maxLength, LONGEST_TEXT)) };
  return fc.oneof(fc.string({ ...length, unit: 'grapheme-ascii' }), fc.string({ ...length, unit: 'grapheme' }));
};

const numberOf = ({ type, minimum = -1e6, maximum = 1e6 }: Schema): Arbitrary<unknown> =>
  type === 'integer'
    ? fc.integer({ min: Math.ceil(minimum), max: Math.floor(Math.min(maximum, 2 ** 31 - 1)) })
    : fc.double({ min: minimum, max: maximum, noNaN: true });

const objectOf = (document: OpenApiDocument, { properties = {}, required = [] }: Schema): Arbitrary<unknown> => {
  const fields = Object.entries(properties).map(([name, property]) => {
    const value = validValue(document, property).map((present) => [[name, present]]);
    return required.includes(name) ? value : fc.oneof(value, fc.constant([]));
  });
  return fc.tuple(...fields).map((entries) => Object.fromEntries(entries.flat()));
};

const typedValue = (document: OpenApiDocument, schema: Schema): Arbitrary<unknown> => {
  const type = typeof schema.type === 'object' ? schema.type[0] : schema.type;
  if (type === 'string') return textOf(schema);
  if (type === 'integer' || type === 'number') return numberOf({ ...schema, type });
  if (type === 'boolean') return fc.boolean();
  if (type === 'null') return fc.constant(null);
  if (type === 'array')
    return fc.array(validValue(document, schema.items ?? {}), {
      minLength: schema.minItems ?? 0,
      maxLength: Math.min(schema.maxItems ?? 3, 20),
    });
  if (type === 'object' || schema.properties) return objectOf(document, schema);
  return fc.jsonValue({ maxDepth: 1 });
};

/** Values that this schema allows, as far as the schema tells: a `format` of the project's own may refuse some. */
export const validValue = (document: OpenApiDocument, reference: Schema): Arbitrary<unknown> => {
  const schema = resolve(document, reference);
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const options = schema.anyOf ?? schema.oneOf;
  const generated = options
    ? fc.oneof(...options.map((option) => validValue(document, option)))
    : typedValue(document, schema);
  return schema.examples?.length ? fc.oneof(fc.constantFrom(...schema.examples), generated) : generated;
};
