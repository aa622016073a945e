/** Prints TypeBox schemas as plain TypeScript types. Pure; the result is not formatted. */
import { KindGuard, OptionalKind, type TObject, type TProperties, type TSchema } from '@sinclair/typebox';

/** Names of declared types, by the identity of their schema (`identityOf`). */
export type Names = ReadonlyMap<unknown, string>;

/** The identity of a schema: its properties or members, which a copy with another description shares. */
export const identityOf = ({ properties, anyOf }: TSchema): unknown => properties ?? anyOf;

/** The longest line of a comment, without the indentation. */
const LINE_CHARACTERS = 130;

/** @param text one paragraph */
export const commentOf = (text: string): string => {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`;
    if (lines.length === 0 || longer.length > LINE_CHARACTERS) lines.push(word);
    else lines.splice(-1, 1, longer);
  }
  return lines.length === 1 ? `/** ${lines[0]} */` : `/**\n${lines.map((line) => ` * ${line}`).join('\n')}\n */`;
};

const isOptional = (schema: TSchema): boolean => OptionalKind in schema;

/** The framework's schema of a number or boolean in a path or query also accepts its text form: that member is left out of the type. */
const isTextOf = ({ type, format }: TSchema): boolean =>
  type === 'string' && ['integer', 'numeric', 'boolean', 'boolean-string'].includes(format);

const literal = (value: unknown): string =>
  typeof value === 'string' ? `'${value.replaceAll("'", "\\'")}'` : String(value);

/** @throws for a kind of schema that no contract has used so far */
export const typeOf = (schema: TSchema, names: Names): string => {
  const name = names.get(identityOf(schema));
  if (name !== undefined) return name;
  if ('const' in schema) return literal(schema.const);
  if (schema.enum) return [...schema.enum].map(literal).join(' | ');
  if (schema.anyOf) return unionOf(schema.anyOf, names);
  if (schema.format === 'binary') return 'Blob';
  if (schema.type === 'array') return `(${typeOf(schema.items, names)})[]`;
  if (KindGuard.IsObject(schema)) return objectOf(schema, names);
  if (schema.type === 'integer') return 'number';
  if (['string', 'number', 'boolean', 'null'].includes(schema.type)) return schema.type;
  throw new Error(`There is no TypeScript for ${JSON.stringify(schema)}`);
};

const unionOf = (members: readonly TSchema[], names: Names): string => {
  const types = members.filter((member) => !isTextOf(member)).map((member) => typeOf(member, names));
  return [...new Set(types)].join(' | ');
};

const keyOf = (name: string): string => (/^\w+$/.test(name) ? name : `'${name}'`);

/** A field that may be null is described by its other member. */
const descriptionOf = ({ description, anyOf }: TSchema): string | undefined => {
  const members: TSchema[] = anyOf?.filter(({ type }: TSchema) => type !== 'null') ?? [];
  return description ?? (members.length === 1 ? members[0]?.description : undefined);
};

/**
 * The fields of an object, each with its description.
 * @param isArgument whether the fields may also be given as undefined, which leaves them out
 */
export const fieldsOf = (properties: TProperties, names: Names, isArgument = false): string =>
  Object.entries(properties)
    .map(([name, schema]) => {
      const description = descriptionOf(schema);
      const comment = description ? `${commentOf(description)}\n` : '';
      const [mark, orNone] = isOptional(schema) ? ['?', isArgument ? ' | undefined' : ''] : ['', ''];
      return `${comment}${keyOf(name)}${mark}: ${typeOf(schema, names)}${orNone};`;
    })
    .join('\n');

const objectOf = ({ properties, additionalProperties }: TObject, names: Names): string => {
  const others = typeof additionalProperties === 'object' ? additionalProperties : undefined;
  const fields = fieldsOf(properties, names) + (others ? `\n[name: string]: ${typeOf(others, names)};` : '');
  // The line break makes the formatter put each field on its own line.
  return fields.includes('/**') ? `{\n${fields}\n}` : `{ ${fields} }`;
};
