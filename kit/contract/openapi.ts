/**
 * Corrects the OpenAPI document that `@elysiajs/swagger` makes. The plugin keeps TypeBox's schemas, which are OpenAPI 3.1 (`const`,
 * `examples`, the type `null`), copies the fields of a response's schema into the response, and gives responses the content types of the
 * request's body.
 */

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const mapValues = (object: unknown, change: (value: Json) => unknown): Json =>
  Object.fromEntries(
    Object.entries(isObject(object) ? object : {}).map(([key, value]) => [
      key,
      isObject(value) ? change(value) : value,
    ]),
  );

/** Formats that the framework gives to strings that stand for a value of another type. */
const textForms: Record<string, string> = { integer: 'integer', numeric: 'number', boolean: 'boolean' };

/**
 * A number or a boolean in an address arrives as text, so the framework's schema is "a string of that format, or the value". Only the
 * value is documented.
 */
const withoutTextForm = (schema: Json): Json => {
  const { anyOf, ...rest } = schema;
  const choices = Array.isArray(anyOf) ? anyOf.filter(isObject) : [];
  const form = choices.find(({ type, format }) => type === 'string' && String(format) in textForms);
  const value = form && choices.find(({ type }) => type === textForms[String(form.format)]);
  return value ? { ...rest, ...value } : schema;
};

/** Turns "a string, or null" into one schema with two types, so that description and examples belong to the field itself. */
const withNullAsType = (schema: Json): Json => {
  const { anyOf, ...rest } = schema;
  if (!Array.isArray(anyOf) || anyOf.length !== 2) return schema;
  const value = anyOf.filter(isObject).find(({ type }) => typeof type === 'string' && type !== 'null');
  const hasNull = anyOf.some((each) => isObject(each) && each.type === 'null');
  return value && hasNull ? { ...rest, ...value, type: [value.type, 'null'] } : schema;
};

/** Turns a union of constants into an `enum`. */
const withLiteralsAsEnum = (schema: Json): Json => {
  const { anyOf, ...rest } = schema;
  const literals = Array.isArray(anyOf) ? anyOf.filter(isObject) : [];
  const [first] = literals;
  if (!Array.isArray(anyOf) || !first || literals.length !== anyOf.length) return schema;
  const areLiterals = literals.every((each) => 'const' in each && each.type === first.type && !each.description);
  return areLiterals ? { ...rest, type: first.type, enum: literals.map((each) => each.const) } : schema;
};

const tidySchemas = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(tidySchemas);
  if (!isObject(value)) return value;
  const plain = withLiteralsAsEnum(withNullAsType(withoutTextForm(value)));
  return Object.fromEntries(Object.entries(plain).map(([key, each]) => [key, tidySchemas(each)]));
};

/** Moves a parameter's list of examples into its schema: the `examples` of a parameter itself would be a map. */
const tidyParameter = ({ examples, description, schema, ...rest }: Json): Json => ({
  ...rest,
  ...(description === undefined ? {} : { description }),
  schema: { ...(isObject(schema) ? schema : {}), description, examples },
});

/** The types that the plugin gives to a body whose route names none, and those that the services parse. */
const PLUGIN_TYPES = ['application/json', 'multipart/form-data', 'text/plain'];
const PARSED_TYPES = ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'];

const tidyBody = ({ content, ...rest }: Json): Json => {
  const medias = isObject(content) ? content : {};
  const isUnnamed = PLUGIN_TYPES.every((type) => type in medias);
  const [media] = Object.values(medias).filter(isObject);
  const description = isObject(media?.schema) ? media.schema.description : undefined;
  return {
    description,
    ...rest,
    content: isUnnamed ? Object.fromEntries(PARSED_TYPES.map((type) => [type, media])) : medias,
  };
};

/** Answers that have a schema are JSON. Answers of other types (the bytes of a file) are described in a route's `detail`. */
const tidyAnswer = ({ description, headers, links, content, ...schema }: Json): Json => {
  const about = { description, ...(headers ? { headers } : {}), ...(links ? { links } : {}) };
  if (!isObject(content)) return about;
  const [type = '', media] = Object.entries(content)[0] ?? [];
  if (!PLUGIN_TYPES.includes(type) || !isObject(media)) return { ...about, content };
  const whole = { description, ...schema, ...(isObject(media.schema) ? media.schema : {}) };
  return { ...about, content: { 'application/json': { ...media, schema: whole } } };
};

const tidyOperation = ({ parameters, requestBody, responses, ...rest }: Json): Json => ({
  ...rest,
  ...(Array.isArray(parameters) && parameters.length > 0
    ? { parameters: parameters.filter(isObject).map(tidyParameter) }
    : {}),
  ...(isObject(requestBody) ? { requestBody: tidyBody(requestBody) } : {}),
  responses: mapValues(responses, tidyAnswer),
});

/** @param document the plugin's @returns the same operations as valid OpenAPI 3.1 */
export const tidyDocument = (document: unknown): unknown => {
  if (!isObject(document)) return document;
  const paths = mapValues(document.paths, (operations) => mapValues(operations, tidyOperation));
  return tidySchemas({ ...document, openapi: '3.1.2', paths });
};
