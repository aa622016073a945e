/** The front end as one Elysia app: pages, assets, and the platform beneath. */

import type { Health } from '@parley/kit/health';
import type { Log } from '@parley/kit/log';
import type { Metrics } from '@parley/kit/metrics';
import { platform } from '@parley/kit/platform';
import { Elysia } from 'elysia';
import { createDoors } from './accounts/doors.ts';
import type { Sessions } from './accounts/session.ts';
import type { AccountStore } from './accounts/store.ts';
import type { Assets } from './assets/build.ts';
import { assetRoutes } from './assets/routes.ts';
import { doorPages } from './pages/door.ts';
import { messagePages } from './pages/messages.ts';
import { newRoomPages } from './pages/new-room.ts';
import { notificationPages } from './pages/notifications.ts';
import { problemPages } from './pages/problem.ts';
import { pushRoutes } from './pages/push.ts';
import { roomPages } from './pages/room.ts';
import { createSite } from './pages/site.ts';
import { statusPages } from './pages/status.ts';
import { createVisits } from './pages/visit.ts';
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
}

const docs = {
  title: 'Parley web',
  description: 'The front end. Its pages are for people; the services have the APIs.',
  version: '0.1.0',
  serverUrl: '.',
} as const;

export const createWeb = ({ log, health, metrics, sessions, accounts, servicesFor, assets, isSecure }: WebDeps) => {
  const visits = createVisits({ sessions, servicesFor, isSecure });
  const site = createSite({ sessions, visits, assets, isSecure });
  return (
    new Elysia()
      .use(problemPages(site, log))
      // Pages are for this origin alone: no other is named.
      .use(platform({ service: 'web', log, health, metrics, docs, corsOrigin: '' }))
      .use(assetRoutes(assets))
      .use(doorPages(site, createDoors(accounts, sessions.isOpen)))
      .use(newRoomPages(site))
      .use(notificationPages(site))
      .use(statusPages(site))
      .use(pushRoutes(site))
      .use(messagePages(site))
      .use(roomPages(site))
  );
};
