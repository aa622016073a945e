/**
 * `GET /docs` (Swagger UI) and `GET /openapi.json`. The page's assets come from the `swagger-ui-dist` package through this
 * service, and all its links are relative, so it works with no internet and behind the gateway's prefix.
 */
import { swagger } from '@elysiajs/swagger';
import { Elysia } from 'elysia';
import style from 'swagger-ui-dist/swagger-ui.css' with { type: 'file' };
import script from 'swagger-ui-dist/swagger-ui-bundle.js' with { type: 'file' };
import { tidyDocument } from './openapi.ts';

export interface DocsOptions {
  readonly title: string;
  readonly description: string;
  readonly version: string;
  /** Where the API's paths begin, relative to the document: `.` where the gateway strips its prefix, `..` where it doesn't. */
  readonly serverUrl: '.' | '..';
}

const assets = new Map([
  ['swagger-ui.css', { path: style, type: 'text/css' }],
  ['swagger-ui-bundle.js', { path: script, type: 'text/javascript' }],
]);

const page = (title: string) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>
    <link rel="stylesheet" href="docs/swagger-ui.css">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <noscript><p>This page needs JavaScript. The document that it shows: <a href="openapi.json">openapi.json</a></p></noscript>
    <script src="docs/swagger-ui-bundle.js"></script>
    <script src="docs/start.js"></script>
  </body>
</html>
`;

const start = `SwaggerUIBundle({ url: 'openapi.json', dom_id: '#swagger-ui', deepLinking: true });\n`;

/** The page shows our own documents and nothing else: no other origin, no frame, no inline script. */
const CONTENT_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': CONTENT_POLICY,
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};

const PAGE_PATH = '/docs';
const SPEC_PATH = '/openapi.json';

export const docsRoutes = ({ title, description, version, serverUrl }: DocsOptions) =>
  new Elysia({ name: 'docs' })
    .onAfterHandle(({ path, responseValue }) => (path === SPEC_PATH ? tidyDocument(responseValue) : undefined))
    .use(
      swagger({
        // The plugin's own page, which loads a viewer from a CDN: the route of the same path below replaces it.
        path: PAGE_PATH,
        specPath: SPEC_PATH,
        documentation: { info: { title, description, version }, servers: [{ url: serverUrl }] },
        exclude: [/^\/docs/, SPEC_PATH],
      }),
    )
    .get(PAGE_PATH, () => new Response(page(title), { headers: pageHeaders }), {
      detail: { hide: true },
    })
    .get('/docs/start.js', () => new Response(start, { headers: { 'content-type': 'text/javascript' } }), {
      detail: { hide: true },
    })
    .get(
      '/docs/:asset',
      ({ params: { asset }, status }) => {
        const found = assets.get(asset);
        if (!found) return status(404, { detail: 'No such asset' });
        return new Response(Bun.file(found.path), {
          headers: { 'content-type': found.type, 'cache-control': 'public, max-age=3600' },
        });
      },
      { detail: { hide: true } },
    );
