/**
 * `GET /docs` (Swagger UI) and `GET /openapi.json`. This service serves the page's assets itself, from the package `swagger-ui-dist`, and
 * all links are relative: the page works without internet and behind the gateway's prefix.
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
  /** The base of the API's paths, relative to the document: `.` if the gateway strips its prefix, else `..`. */
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

/** The page may load only from its own origin, may not be framed, and may run no inline script. */
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
        // The plugin's page loads its viewer from a CDN. The route with the same path below replaces it.
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
