/** Arbitrary paths, queries and headers of an endpoint's requests. `isBroken`: some part is invalid. */
import fc, { type Arbitrary } from 'fast-check';
import type { Endpoint, OpenApiDocument, Parameter, Schema } from './document.ts';
import { nastyText, validValue } from './values.ts';

/** The HTTP server itself rejects an address beyond 16 KB, before the service sees it. */
const MAX_ADDRESS_TEXT = 500;
const MAX_HEADER_TEXT = 4_000;

/** Percent-encodes what `encodeURIComponent` throws on too: half of a surrogate pair becomes its three (invalid) bytes. */
const encodeText = (text: string): string => {
  let encoded = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const isHalf = code >= 0xd800 && code <= 0xdfff;
    encoded += isHalf
      ? `%ED%${(0x80 | ((code >> 6) & 0x3f)).toString(16)}%${(0x80 | (code & 0x3f)).toString(16)}`
      : encodeURIComponent(character);
  }
  return encoded;
};

/** The text of a value in a path, a header or a form. */
export const toText = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

const toAddress = (value: unknown): string => encodeText(toText(value).slice(0, MAX_ADDRESS_TEXT));

/** Percent sequences that are invalid UTF-8 or not hexadecimal. */
const brokenEncoding = fc.constantFrom('%ff', '%c3%28', '%e2%82', '%ed%a0%80', '%f8%88%80%80%80', '%', '%zz', '%u0000');

/** One percent-encoded value of a path or query. */
const encodedValue = (document: OpenApiDocument, schema: Schema, isBroken: boolean): Arbitrary<string> => {
  const valid = validValue(document, schema).map(toAddress);
  return isBroken ? fc.oneof(nastyText.map(toAddress), brokenEncoding) : valid;
};

export const pathOf = (
  document: OpenApiDocument,
  { path, operation }: Endpoint,
  isBroken: boolean,
): Arbitrary<string> => {
  const schemas = new Map(operation.parameters?.map(({ name, schema = {} }) => [name, schema]));
  const segments = path.split('/').map((segment) => {
    const name = /^\{(.+)\}$/.exec(segment)?.[1];
    if (name === undefined) return fc.constant(segment);
    return encodedValue(document, schemas.get(name) ?? { type: 'string' }, isBroken);
  });
  return fc.tuple(...segments).map((parts) => parts.join('/'));
};

const pairsOf = (
  document: OpenApiDocument,
  { name, required, schema = {} }: Parameter,
  isBroken: boolean,
): Arbitrary<string[]> => {
  const pair = encodedValue(document, schema, isBroken).map((value): string[] => [`${encodeText(name)}=${value}`]);
  const none = fc.constant<string[]>([]);
  const broken = fc.constantFrom<string[]>(
    [`${name}=1`, `${name}=2`],
    [`${name}[]=1`],
    [`${name}[a]=1`],
    [name],
    ['=&&'],
    [],
  );
  if (isBroken) return fc.oneof({ weight: 3, arbitrary: pair }, { weight: 1, arbitrary: broken });
  return required ? pair : fc.oneof({ weight: 3, arbitrary: pair }, { weight: 1, arbitrary: none });
};

export const queryOf = (
  document: OpenApiDocument,
  parameters: readonly Parameter[],
  isBroken: boolean,
): Arbitrary<string> =>
  fc.tuple(...parameters.map((parameter) => pairsOf(document, parameter, isBroken))).map((all) => {
    const pairs = all.flat();
    return pairs.length > 0 ? `?${pairs.join('&')}` : '';
  });

/** What HTTP lets a header carry: no control characters, nothing beyond Latin-1. */
const headerValue = (text: string): string => text.replace(/[^\t\x20-\x7e\xa0-\xff]/g, '').slice(0, MAX_HEADER_TEXT);

export const headersOf = (
  document: OpenApiDocument,
  parameters: readonly Parameter[],
  isBroken: boolean,
): Arbitrary<Record<string, string>> => {
  const fields = parameters.map(({ name, required, schema = {} }) => {
    const text = isBroken ? nastyText : validValue(document, schema).map(toText);
    const present = text.map((value) => [[name, headerValue(value)]]);
    return required && !isBroken ? present : fc.oneof(present, fc.constant([]));
  });
  return fc.tuple(...fields).map((entries) => Object.fromEntries(entries.flat()));
};
