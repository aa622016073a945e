/**
 * `GET /docs` (Swagger UI) and `GET /openapi.json`. The page's assets come from the `swagger-ui-dist` package through this
 * service, and all its links are relative, so it works with no internet and behind the gateway's prefix.
 */
import { openapi } from '@elysiajs/openapi';
import { Elysia } from 'elysia';
import style from 'swagger-ui-dist/swagger-ui.css' with { type: 'file' };
import script from 'swagger-ui-dist/swagger-ui-bundle.js' with { type: 'file' };

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
    <script src="docs/swagger-ui-bundle.js"></script>
    <script src="docs/start.js"></script>
  </body>
</html>
`;

const start = `SwaggerUIBundle({ url: 'openapi.json', dom_id: '#swagger-ui', deepLinking: true });\n`;

export const docsRoutes = ({ title, description, version, serverUrl }: DocsOptions) =>
  new Elysia({ name: 'docs' })
    .use(
      openapi({
        provider: null,
        specPath: '/openapi.json',
        documentation: { info: { title, description, version }, servers: [{ url: serverUrl }] },
        exclude: { paths: [/^\/docs/, '/openapi.json', '/metrics'] },
      }),
    )
    .get('/docs', () => new Response(page(title), { headers: { 'content-type': 'text/html; charset=utf-8' } }), {
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
