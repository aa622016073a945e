/** The front end as one Elysia app: pages, assets, and the platform beneath. */

import { type BodyRules, FORM_TYPES } from '@parley/kit/http/bodies';
import type { Callers } from '@parley/kit/http/callers';
import { platform } from '@parley/kit/http/platform';
import { slashes } from '@parley/kit/http/slashes';
import type { BucketLimits } from '@parley/kit/limits/bucket';
import type { Health } from '@parley/kit/process/health';
import type { Log } from '@parley/kit/process/log';
import type { Metrics } from '@parley/kit/process/metrics';
import { Elysia } from 'elysia';
import type { Sessions } from './accounts/session.ts';
import { createDoors } from './accounts/sign-in.ts';
import type { AccountStore } from './accounts/store.ts';
import type { Assets } from './assets/build.ts';
import { assetRoutes } from './assets/routes.ts';
import { readPages } from './pages/mark-read.ts';
import { messagePages } from './pages/messages.ts';
import { newRoomPages } from './pages/new-room.ts';
import { notificationPages } from './pages/notifications.ts';
import { pushRoutes } from './pages/push.ts';
import { roomPages } from './pages/room.ts';
import { doorPages } from './pages/sign-in.ts';
import { statusPages } from './pages/status.ts';
import { problemPages } from './requests/error-pages.ts';
import { createSite } from './requests/responder.ts';
import { createVisits } from './requests/visit.ts';
import type { ServicesFor } from './services/clients.ts';

export interface WebDeps {
  readonly log: Log;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly sessions: Sessions;
  readonly accounts: AccountStore;
  readonly servicesFor: ServicesFor;
  readonly assets: Promise<Assets>;
  readonly isSecure: boolean;
  readonly callers: Callers;
  readonly hasDocs: boolean;
  /** The largest form that carries files. */
  readonly maxUploadBytes: number;
  /** Of one address. */
  readonly signInLimits: BucketLimits;
}

const docs = {
  title: 'Parley web',
  description: 'The front end. Its pages are for people; the services have the APIs.',
  version: '0.1.0',
  serverUrl: '.',
} as const;

const MAX_FORM_BYTES = 64 * 1_024;

/** Forms are small, but for the one that carries files. */
const bodyRules = (maxUploadBytes: number): BodyRules => ({
  maxBytes: MAX_FORM_BYTES,
  types: FORM_TYPES,
  exceptions: [
    { method: 'POST', path: /^\/rooms\/[^/]+\/messages$/, types: FORM_TYPES, maxBytes: maxUploadBytes },
    { method: 'POST', path: /^\/push\/subscriptions$/, types: [] },
    { method: 'DELETE', path: /^\/push\/subscriptions$/, types: [] },
  ],
});

export const createWeb = (deps: WebDeps) => {
  const { log, health, metrics, sessions, accounts, servicesFor, assets, isSecure, callers, hasDocs, maxUploadBytes } =
    deps;
  const visits = createVisits({ sessions, servicesFor, isSecure });
  const site = createSite({ sessions, visits, assets, isSecure, hasDocs });
  return new Elysia({ strictPath: true })
    .use(slashes())
    .use(problemPages(site, log))
    .use(platform({ service: 'web', log, health, metrics, docs, hasDocs, callers, bodies: bodyRules(maxUploadBytes) }))
    .use(assetRoutes(assets))
    .use(doorPages(site, createDoors(accounts, sessions.isOpen, deps.signInLimits)))
    .use(newRoomPages(site))
    .use(notificationPages(site))
    .use(statusPages(site))
    .use(pushRoutes(site))
    .use(messagePages(site, maxUploadBytes))
    .use(readPages(site))
    .use(roomPages(site));
};
