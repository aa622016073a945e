/** The document of the docs plugin is corrected before it is served. */
import { expect, test } from 'bun:test';
import { Elysia, t } from 'elysia';
import { errorAnswers } from '../errors/error-answers.ts';
import { errors } from '../errors/errors.ts';
import { docsRoutes } from './docs.ts';

const Room = t.Object(
  { topic: t.Nullable(t.String({ description: 'What it is for', examples: ['Tea'] })) },
  { description: 'A room', examples: [{ topic: 'Tea' }] },
);
const bytes = { description: 'The bytes', content: { 'image/webp': { schema: { type: 'string' as const } } } };

const app = new Elysia()
  .use(docsRoutes({ title: 'Rooms', description: 'Rooms', version: '1', serverUrl: '.' }))
  .post('/rooms', ({ body }) => body, {
    body: Room,
    query: t.Object({ dry: t.Optional(t.Boolean({ description: 'Only try', examples: [true] })) }),
    response: { 200: Room, ...errorAnswers(errors.invalid_input) },
  })
  .post('/texts', ({ body }) => ({ topic: body }), { parse: 'text', body: t.String(), response: Room })
  .get('/rooms', () => [], { response: t.Array(Room, { description: 'Rooms', examples: [[{ topic: 'Tea' }]] }) })
  .get('/picture', () => 'picture', { detail: { responses: { 200: bytes } } });

const described = {
  type: 'object',
  description: 'A room',
  examples: [{ topic: 'Tea' }],
  required: ['topic'],
  properties: { topic: { type: ['string', 'null'], nullable: true, description: 'What it is for', examples: ['Tea'] } },
};

const read = async (): Promise<unknown> => (await app.handle(new Request('http://localhost/openapi.json'))).json();

test('an answer has one content type, the real one, and its whole schema', async () => {
  expect(await read()).toMatchObject({
    openapi: '3.1.2',
    paths: {
      '/rooms': {
        get: {
          responses: {
            200: {
              description: 'Rooms',
              content: { 'application/json': { schema: { type: 'array', items: described } } },
            },
          },
        },
        post: { responses: { 200: { description: 'A room', content: { 'application/json': { schema: described } } } } },
      },
      '/picture': { get: { responses: { 200: bytes } } },
    },
  });
  const types = [...JSON.stringify(await read()).matchAll(/"(?:text|multipart)\/[\w-]+"/g)].map(([type]) => type);
  expect(types).toEqual(['"multipart/form-data"', '"text/plain"']);
});

test('an error has its examples inside its schema, as OpenAPI 3.1 wants', async () => {
  const { paths } = (await read()) as { paths: { '/rooms': { post: { responses: Record<string, object> } } } };
  const refused = paths['/rooms'].post.responses[422];
  expect(Object.keys(refused ?? {})).toEqual(['description', 'content']);
  expect(refused).toMatchObject({
    content: { 'application/json': { schema: { examples: [{ code: 'invalid_input' }] } } },
  });
});

test('a body is described in every content type that is parsed, or only in the one that the route names', async () => {
  expect(await read()).toMatchObject({
    paths: {
      '/rooms': {
        post: {
          requestBody: {
            description: 'A room',
            required: true,
            content: {
              'application/json': { schema: described },
              'application/x-www-form-urlencoded': { schema: described },
              'multipart/form-data': { schema: described },
            },
          },
        },
      },
      '/texts': { post: { requestBody: { content: { 'text/plain': { schema: { type: 'string' } } } } } },
    },
  });
});

test('a parameter has its description; its examples are in its schema', async () => {
  const schema = { type: 'boolean', description: 'Only try', examples: [true] };
  const { paths } = (await read()) as { paths: { '/rooms': { post: { parameters: unknown } } } };
  expect(paths['/rooms'].post.parameters).toEqual([
    { name: 'dry', in: 'query', required: false, description: 'Only try', schema },
  ]);
});
