/** `GET /assets/...`, and files with fixed names: icons, the manifest, the service worker. */
import { Elysia, t } from 'elysia';
import type { Asset, Assets } from './build.ts';
import { favicon, manifest } from './fixed.ts';

const FOR_EVER = 'public, max-age=31536000, immutable';
const A_DAY = 'public, max-age=86400';

const choose = ({ plain, gzip, br }: Asset, accepted: string): { body: Uint8Array<ArrayBuffer>; encoding?: string } => {
  if (/\bbr\b/.test(accepted)) return { body: br, encoding: 'br' };
  return /\bgzip\b/.test(accepted) ? { body: gzip, encoding: 'gzip' } : { body: plain };
};

const serve = (asset: Asset, accepted: string, cacheControl: string): Response => {
  const { body, encoding } = choose(asset, accepted);
  return new Response(body, {
    headers: {
      'content-type': asset.type,
      'cache-control': cacheControl,
      vary: 'accept-encoding',
      ...(encoding ? { 'content-encoding': encoding } : {}),
    },
  });
};

const fixed = (body: string, type: string, cacheControl = A_DAY) =>
  new Response(body, { headers: { 'content-type': type, 'cache-control': cacheControl } });

const hidden = { detail: { hide: true } };

/** @param assets resolves once they are built or read */
export const assetRoutes = (assets: Promise<Assets>) =>
  new Elysia({ name: 'assets' })
    .get(
      '/assets/:name',
      async ({ params: { name }, headers, status }) => {
        const asset = (await assets).files.get(name);
        return asset ? serve(asset, headers['accept-encoding'] ?? '', FOR_EVER) : status(404, 'No such asset');
      },
      { ...hidden, params: t.Object({ name: t.String({ maxLength: 200 }) }) },
    )
    .get(
      '/sw.js',
      async ({ headers, status }) => {
        const { files, worker } = await assets;
        const asset = files.get(worker);
        return asset ? serve(asset, headers['accept-encoding'] ?? '', 'no-cache') : status(404, 'No such asset');
      },
      hidden,
    )
    .get('/favicon.svg', () => fixed(favicon(false), 'image/svg+xml'), hidden)
    .get('/favicon-unread.svg', () => fixed(favicon(true), 'image/svg+xml'), hidden)
    .get('/favicon.ico', () => fixed(favicon(false), 'image/svg+xml'), hidden)
    .get('/manifest.webmanifest', () => fixed(manifest, 'application/manifest+json'), hidden);
