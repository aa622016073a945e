/** The front end: pages, assets and the platform's routes as one Elysia app. */

import { type BodyRules, FORM_TYPES } from '@parley/kit/http/bodies';
import { createCallers } from '@parley/kit/http/callers';
import { platform } from '@parley/kit/http/platform';
import { slashes } from '@parley/kit/http/slashes';
import { openIdentity } from '@parley/kit/identity/identity';
import { createHealth } from '@parley/kit/process/health';
import type { Log } from '@parley/kit/process/log';
import { createMetrics, type Metrics } from '@parley/kit/process/metrics';
import type { Database } from '@parley/kit/stores/database';
import { Elysia } from 'elysia';
import { createSessions } from './accounts/session.ts';
import { createSignIns } from './accounts/sign-in.ts';
import { createAccountStore } from './accounts/store.ts';
import type { Assets } from './assets/build.ts';
import { assetRoutes } from './assets/routes.ts';
import type { WebConfig } from './config.ts';
import { observeCalls } from './metrics.ts';
import { accountPages } from './pages/account.ts';
import { markReadPages } from './pages/mark-read.ts';
import { messagePages } from './pages/messages.ts';
import { newRoomPages } from './pages/new-room.ts';
import { notificationPages } from './pages/notifications.ts';
import { pushRoutes } from './pages/push.ts';
import { roomPages } from './pages/room.ts';
import { signInPages } from './pages/sign-in.ts';
import { statusPages } from './pages/status.ts';
import { themeRoutes } from './pages/theme.ts';
import { errorPages } from './requests/error-pages.ts';
import { createResponder } from './requests/responder.ts';
import { createVisits } from './requests/visit.ts';
import { createServices } from './services/clients.ts';

export interface WebDeps {
  readonly config: WebConfig;
  readonly database: Database;
  /** Resolves once they are built or read. */
  readonly assets: Promise<Assets>;
  readonly log: Log;
}

const docs = {
  title: 'Parley web',
  description: 'The front end. Its pages are for people; the services have the APIs.',
  version: '0.1.0',
  serverUrl: '.',
} as const;

const MAX_FORM_BYTES = 64 * 1_024;

/** Forms are small, except the one that carries files. */
const bodyRules = (maxUploadBytes: number): BodyRules => ({
  maxBytes: MAX_FORM_BYTES,
  types: FORM_TYPES,
  exceptions: [
    { method: 'POST', path: /^\/rooms\/[^/]+\/messages$/, types: FORM_TYPES, maxBytes: maxUploadBytes },
    { method: 'POST', path: /^\/push\/subscriptions$/, types: [] },
    { method: 'DELETE', path: /^\/push\/subscriptions$/, types: [] },
  ],
});

/** The pages' context and rules, over the database and the services. */
const createPageDeps = ({ config, database, assets }: WebDeps, metrics: Metrics) => {
  const { cookieSecure: isSecure, apiDocs, authSecret: secret, sessionDays: lifetimeDays } = config;
  const sessions = createSessions({ secret, lifetimeDays, isSecure });
  const servicesFor = createServices({ ...config, observe: observeCalls(metrics) });
  const visits = createVisits({ sessions, servicesFor, isSecure });
  const signIns = createSignIns({
    accounts: createAccountStore(database),
    isOpen: sessions.isOpen,
    limits: { perSecond: config.signInsPerSecond, burst: config.signInsBurst },
  });
  return { signIns, responder: createResponder({ sessions, visits, assets, isSecure, hasDocs: apiDocs === 'on' }) };
};

/** @throws {ConfigError} when the configuration isn't fit for a public address */
export const createWeb = (deps: WebDeps) => {
  const { config, database, assets, log } = deps;
  openIdentity(config, log);
  const health = createHealth({ postgres: () => database.probe() }, { needs: ['postgres'] });
  const metrics = createMetrics('web');
  const { responder, signIns } = createPageDeps(deps, metrics);
  const { hasDocs } = responder;
  const callers = createCallers(config, true);
  const bodies = bodyRules(config.maxUploadBytes);
  const app = new Elysia({ name: 'web', strictPath: true })
    .use(slashes())
    .use(errorPages({ responder, log }))
    .use(platform({ service: 'web', log, health, metrics, docs, hasDocs, callers, bodies }))
    .use(assetRoutes(assets))
    .use(signInPages({ responder, signIns }))
    .use(accountPages({ responder, signIns }))
    .use(themeRoutes(responder))
    .use(newRoomPages(responder))
    .use(notificationPages(responder))
    .use(statusPages(responder))
    .use(pushRoutes(responder))
    .use(messagePages({ responder, maxFormBytes: config.maxUploadBytes }))
    .use(markReadPages(responder))
    .use(roomPages(responder));
  return { app, health, metrics, maxBodyBytes: config.maxUploadBytes };
};
