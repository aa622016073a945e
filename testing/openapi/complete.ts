/** Checks that an OpenAPI document is complete: everything has a description and an example, so that it is enough to call the API. */
import {
  type Answer,
  type Endpoint,
  endpointsOf,
  type Media,
  type OpenApiDocument,
  type Parameter,
  resolve,
  type Schema,
} from './document.ts';

const hasExample = ({ schema, example, examples }: Media, document: OpenApiDocument): boolean => {
  const { examples: schemaExamples = [], ...resolved } = resolve(document, schema ?? {});
  const given = [example, resolved.example, resolved.const, resolved.enum?.[0], ...schemaExamples];
  return given.some((each) => each !== undefined) || Object.keys(examples ?? {}).length > 0;
};

/** What is missing at a field of a body or an answer, and at its nested fields. */
const faultsOfFields = (document: OpenApiDocument, schema: Schema, where: string): string[] => {
  const { properties = {}, items, anyOf = [], oneOf = [] } = resolve(document, schema);
  const fields = Object.entries(properties).flatMap(([name, property]) => {
    const field = `${where}.${name}`;
    const { description } = resolve(document, property);
    return [...(description ? [] : [`${field} has no description`]), ...faultsOfFields(document, property, field)];
  });
  const nested = [...(items ? [items] : []), ...anyOf, ...oneOf];
  return [...fields, ...nested.flatMap((each) => faultsOfFields(document, each, where))];
};

const faultsOfContent = (document: OpenApiDocument, content: Answer['content'] = {}, where: string): string[] =>
  Object.entries(content).flatMap(([type, media]) => [
    ...(hasExample(media, document) ? [] : [`${where} has no example for ${type}`]),
    ...(media.schema ? faultsOfFields(document, media.schema, where) : [`${where} has no schema for ${type}`]),
  ]);

const faultsOfParameter = (document: OpenApiDocument, parameter: Parameter): string[] => {
  const where = `${parameter.in} ${parameter.name}`;
  const description = parameter.description ?? resolve(document, parameter.schema ?? {}).description;
  return [
    ...(description ? [] : [`${where} has no description`]),
    ...(hasExample(parameter, document) ? [] : [`${where} has no example`]),
  ];
};

/** The generator's text for an answer without a description. */
const PLACEHOLDER = /^Response for status/;

const faultsOfAnswer = (document: OpenApiDocument, status: string, answer: Answer): string[] => {
  const where = `answer ${status}`;
  const isDescribed = answer.description && !PLACEHOLDER.test(answer.description);
  return [...(isDescribed ? [] : [`${where} has no description`]), ...faultsOfContent(document, answer.content, where)];
};

const faultsOfEndpoint = (document: OpenApiDocument, { operation }: Endpoint): string[] => {
  const { parameters = [], requestBody, responses = {}, ...about } = operation;
  const missing = (['summary', 'description', 'tags'] as const).filter((each) => !about[each]?.length);
  const takesInput = parameters.length > 0 || requestBody;
  const statuses = Object.keys(responses);
  return [
    ...missing.map((each) => `has no ${each}`),
    ...(statuses.some((status) => status.startsWith('2')) ? [] : ['describes no success']),
    ...(takesInput && !statuses.includes('422') ? ['takes input and does not describe its refusal (422)'] : []),
    ...parameters.flatMap((parameter) => faultsOfParameter(document, parameter)),
    ...faultsOfContent(document, requestBody?.content, 'body'),
    ...Object.entries(responses).flatMap(([status, answer]) => faultsOfAnswer(document, status, answer)),
  ];
};

/** One line for each thing without a description or an example; empty when the document is complete. */
export const incompleteness = (document: OpenApiDocument): string[] =>
  endpointsOf(document).flatMap((endpoint) => {
    const { method, path } = endpoint;
    return faultsOfEndpoint(document, endpoint).map((fault) => `${method} ${path}: ${fault}`);
  });
