/** The documentation works without internet and behind any prefix. */
import { expect, test } from 'bun:test';
import { Elysia, t } from 'elysia';
import { docsRoutes } from './docs.ts';

const app = new Elysia()
  .use(docsRoutes({ title: 'Chat', description: 'Rooms', version: '1.2.3', serverUrl: '..' }))
  .get('/rooms/:id', () => 'room', { params: t.Object({ id: t.String() }), detail: { summary: 'A room' } });

const get = (path: string) => app.handle(new Request(`http://localhost${path}`));

/** The URLs that a page or a style sheet loads. */
const linksIn = (text: string): string[] => [...text.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, link]) => link ?? '');

test('the service itself serves the page’s assets, by relative links', async () => {
  const page = await get('/docs');
  expect(page.headers.get('content-type')).toContain('text/html');
  const text = await page.text();
  expect(text).toContain('<noscript><p>This page needs JavaScript');
  const links = linksIn(text.replace(/<noscript>.*<\/noscript>/, ''));
  expect(links).toHaveLength(3);
  for (const link of links) {
    expect(link).not.toMatch(/^(\w+:)?\//);
    const asset = await get(`/${link}`);
    expect(asset.status).toBe(200);
    expect(asset.headers.get('content-type')).toMatch(/^text\/(css|javascript)/);
    expect((await asset.text()).length).toBeGreaterThan(50);
  }
});

test('the document describes the routes at their addresses, and not itself', async () => {
  const document = (await (await get('/openapi.json')).json()) as {
    info: unknown;
    servers: unknown;
    paths: Record<string, unknown>;
  };
  expect(document.info).toMatchObject({ title: 'Chat', version: '1.2.3' });
  expect(document.servers).toEqual([{ url: '..' }]);
  expect(Object.keys(document.paths)).toEqual(['/rooms/{id}']);
});

test('no other assets are served than those of the page', async () => {
  expect((await get('/docs/swagger-ui.css')).status).toBe(200);
  for (const path of ['/docs/package.json', '/docs/..%2Fpackage.json', '/docs/constructor', '/docs/__proto__']) {
    expect((await get(path)).status).toBe(404);
  }
});

test('a number or a boolean in an address is described as that type, not as text', async () => {
  const query = t.Object({
    limit: t.Integer({ minimum: 1, maximum: 9, description: 'How many' }),
    ratio: t.Optional(t.Number()),
    unread: t.Optional(t.Boolean({ default: true })),
    either: t.Optional(t.Union([t.Literal('a'), t.Literal('b')])),
  });
  const counting = new Elysia()
    .use(docsRoutes({ title: 'Count', description: 'Counts', version: '1', serverUrl: '.' }))
    .get('/count', () => 'counted', { query });
  const document = (await (await counting.handle(new Request('http://localhost/openapi.json'))).json()) as {
    paths: { '/count': { get: { parameters: { name: string; schema: unknown }[] } } };
  };
  const { parameters } = document.paths['/count'].get;
  expect(Object.fromEntries(parameters.map(({ name, schema }) => [name, schema]))).toEqual({
    limit: { type: 'integer', minimum: 1, maximum: 9, description: 'How many' },
    ratio: { type: 'number' },
    unread: { type: 'boolean', default: true },
    either: { type: 'string', enum: ['a', 'b'] },
  });
});

test('the page may load only from its own origin, and may not be framed', async () => {
  const policy = (await get('/docs')).headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain('unsafe');
});
