/** The notification service as an Elysia app. Its parts are opened, and closed, by main.ts. */
import { type PlatformOptions, platform } from '@parley/kit/platform';
import { Elysia } from 'elysia';
import { type NotificationRoutesParts, notificationRoutes } from './notifications/routes.ts';
import { type PushRoutesParts, pushRoutes } from './push/routes.ts';

export interface NotificationParts extends NotificationRoutesParts, PushRoutesParts {
  readonly platform: Pick<PlatformOptions, 'log' | 'health' | 'metrics' | 'corsOrigin'>;
}

export const createNotification = ({ platform: common, ...parts }: NotificationParts) =>
  new Elysia({ name: 'notification' })
    .use(
      platform({
        ...common,
        service: 'notification',
        docs: {
          title: 'Parley notification',
          description: 'What a user should know of, read or unread; told to open pages and pushed to browsers.',
          version: '0.1.0',
          serverUrl: '..',
        },
      }),
    )
    .use(notificationRoutes(parts))
    .use(pushRoutes(parts));

/** For typed clients (Eden). */
export type NotificationApp = ReturnType<typeof createNotification>;
