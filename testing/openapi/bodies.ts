/** Arbitrary bodies of an endpoint's requests: valid, valid but for one part, and invalid throughout. */
import fc, { type Arbitrary } from 'fast-check';
import { toText } from './addresses.ts';
import type { Endpoint, OpenApiDocument, Schema } from './document.ts';
import { nastyText, nastyValue, validValue } from './values.ts';

export interface FormFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

type FormFields = readonly (readonly [name: string, value: string | FormFile])[];

/** Bytes with a declared content type, or a form that is encoded when it is sent. */
export type Body =
  | { readonly bytes: Uint8Array<ArrayBuffer>; readonly contentType: string | undefined }
  | { readonly form: FormFields };

const utf8 = (text: string) => new TextEncoder().encode(text);

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Uint8Array.from(array));

const brokenTexts = [
  ...['', '{', 'null', '[]', '1', '"text"', '1e999', '{"a":1}{', "{'a':1}", '"\\ud800"', '\ufeff{}', '{"a":\0}'],
  '['.repeat(5_000) + ']'.repeat(5_000),
  '{"a":'.repeat(5_000),
  '--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nno end',
  'a=1&a=2&b[c]=%ff',
];

/** Invalid UTF-8: a byte order mark of UTF-16, a truncated sequence, half of a surrogate pair as a key. */
const brokenUtf8 = [
  [0xff, 0xfe],
  [0x22, 0xc3, 0x28, 0x22],
  [0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d],
];

const contentTypes = fc.constantFrom(
  ...['application/json', 'application/json; charset=utf-16', 'text/plain', 'application/x-www-form-urlencoded'],
  ...['multipart/form-data', 'multipart/form-data; boundary=x', 'application/octet-stream', 'nonsense', undefined],
);

const rubbish: Arbitrary<Body> = fc.record({
  bytes: fc.oneof(
    fc.constantFrom(...brokenTexts).map(utf8),
    fc.constantFrom(...brokenUtf8).map((array) => Uint8Array.from(array)),
    bytes(200),
  ),
  contentType: contentTypes,
});

/** Replaces one field, or removes it (undefined). */
const changeField = (value: unknown, at: number, replacement: unknown): unknown => {
  const fields = Object.entries(value ?? {});
  const name = fields[at % Math.max(1, fields.length)]?.[0] ?? 'unknown';
  return Object.fromEntries([...fields.filter(([field]) => field !== name), [name, replacement]]);
};

const brokenValue = (valid: Arbitrary<unknown>): Arbitrary<unknown> => {
  const changed = (replacement: Arbitrary<unknown>) =>
    fc.tuple(valid, fc.nat({ max: 20 }), replacement).map((parts) => changeField(...parts));
  return fc.oneof(
    { weight: 5, arbitrary: changed(nastyText) },
    { weight: 2, arbitrary: changed(nastyValue) },
    { weight: 1, arbitrary: changed(fc.constant(undefined)) },
    { weight: 1, arbitrary: nastyValue },
  );
};

const jsonBody = (document: OpenApiDocument, schema: Schema, isBroken: boolean): Arbitrary<Body> => {
  const valid = validValue(document, schema);
  const value = isBroken ? brokenValue(valid) : valid;
  return value.map((each) => ({ bytes: utf8(JSON.stringify(each) ?? ''), contentType: 'application/json' }));
};

const textBody = (document: OpenApiDocument, schema: Schema, isBroken: boolean): Arbitrary<Body> =>
  (isBroken ? nastyText : validValue(document, schema).map(toText)).map((text) => ({
    bytes: utf8(text),
    contentType: 'text/plain',
  }));

/** A file that every endpoint for files accepts. */
const validFile: Arbitrary<FormFile> = fc.record({
  name: fc.constantFrom('a.txt', 'notes'),
  type: fc.constantFrom('text/plain', 'text/plain;charset=utf-8', ''),
  bytes: fc.constantFrom('plain text', 'Grüße 😀\n').map(utf8),
});

const brokenFile: Arbitrary<FormFile> = fc.record({
  name: nastyText,
  type: fc.constantFrom('text/plain', 'image/png', 'application/pdf', 'nonsense', ''),
  bytes: fc.oneof(fc.constant(utf8('plain text')), bytes(500)),
});

const validField = (document: OpenApiDocument, name: string, schema: Schema): Arbitrary<FormFields> => {
  const value = schema.format === 'binary' ? validFile : validValue(document, schema).map(toText);
  return value.map((each) => [[name, each]]);
};

/** A file part that is invalid, of another kind, missing or sent twice. */
const brokenField = (name: string, { format }: Schema): Arbitrary<FormFields> => {
  const wrong = format === 'binary' ? brokenFile : nastyText;
  const any = fc.array(fc.oneof(brokenFile, nastyText), { maxLength: 2 });
  return fc
    .oneof({ weight: 3, arbitrary: wrong.map((value) => [value]) }, { weight: 1, arbitrary: any })
    .map((values) => values.map((each) => [name, each]));
};

const formBody = (document: OpenApiDocument, { properties = {} }: Schema, isBroken: boolean): Arbitrary<Body> => {
  const fields = Object.entries(properties);
  const form = (isFieldBroken: (at: number) => boolean): Arbitrary<Body> =>
    fc
      .tuple(
        ...fields.map(([name, schema], at) =>
          isFieldBroken(at) ? brokenField(name, schema) : validField(document, name, schema),
        ),
      )
      .map((all) => ({ form: all.flat() }));
  if (!isBroken) return form(() => false);
  // A form with a single invalid field gets past the most checks, so it is drawn most often.
  const single = fields.map((_, brokenAt) => ({ weight: 2, arbitrary: form((at) => at === brokenAt) }));
  return fc.oneof(...single, { weight: 1, arbitrary: form(() => true) });
};

export const bodyOf = (
  document: OpenApiDocument,
  { method, operation }: Endpoint,
  isBroken: boolean,
): Arbitrary<Body | undefined> => {
  const none = fc.constant(undefined);
  if (method === 'GET' || method === 'HEAD') return none;
  const offered = Object.entries(operation.requestBody?.content ?? {}).map(([type, { schema = {} }]) => {
    if (type === 'application/json') return { weight: 6, arbitrary: jsonBody(document, schema, isBroken) };
    const bodyOfType = type === 'text/plain' ? textBody : formBody;
    return { weight: 4, arbitrary: bodyOfType(document, schema, isBroken) };
  });
  if (!isBroken) return offered.length > 0 ? fc.oneof(...offered) : none;
  return fc.oneof({ weight: 1, arbitrary: none }, { weight: 1, arbitrary: rubbish }, ...offered);
};
