import { expect, test } from 'bun:test';
import { incompleteness } from './complete.ts';
import type { OpenApiDocument, Operation } from './document.ts';

const complete: Operation = {
  summary: 'Greet',
  description: 'Says hello.',
  tags: ['greetings'],
  parameters: [{ name: 'name', in: 'query', schema: { type: 'string', description: 'Whom', examples: ['Ann'] } }],
  requestBody: {
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Tone' } } },
  },
  responses: {
    200: { description: 'Hello', content: { 'application/json': { schema: { $ref: '#/components/schemas/Tone' } } } },
    422: { description: 'No name', content: { 'application/json': { schema: { type: 'string', examples: ['no'] } } } },
  },
};

const documentOf = (operation: Operation): OpenApiDocument => ({
  paths: { '/hello': { get: operation } },
  components: {
    schemas: {
      Tone: {
        type: 'object',
        properties: { loud: { type: 'boolean', description: 'Whether to shout' } },
        examples: [{ loud: true }],
      },
    },
  },
});

const faultsOf = (change: Partial<Operation>) => incompleteness(documentOf({ ...complete, ...change }));

test('a document that says everything has no faults', () => {
  expect(faultsOf({})).toEqual([]);
});

test('an endpoint without words is told', () => {
  expect(faultsOf({ summary: '', tags: [] })).toEqual(['GET /hello: has no summary', 'GET /hello: has no tags']);
});

test('a parameter needs a description and an example', () => {
  expect(faultsOf({ parameters: [{ name: 'name', in: 'path', schema: { type: 'string' } }] })).toEqual([
    'GET /hello: path name has no description',
    'GET /hello: path name has no example',
  ]);
});

test('fields deep in a body need descriptions, and the body an example', () => {
  const schema = { type: 'array', items: { type: 'object', properties: { loud: { type: 'boolean' } } } };
  expect(faultsOf({ requestBody: { content: { 'application/json': { schema } } } })).toEqual([
    'GET /hello: body has no example for application/json',
    'GET /hello: body.loud has no description',
  ]);
});

test('an answer needs a description of its own, and input needs the answer that refuses it', () => {
  expect(faultsOf({ responses: { 200: { description: 'Response for status 200' } } })).toEqual([
    'GET /hello: takes input and does not describe its refusal (422)',
    'GET /hello: answer 200 has no description',
  ]);
  expect(faultsOf({ responses: {}, parameters: [] })).toContain('GET /hello: describes no success');
});
