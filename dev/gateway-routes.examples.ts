/** Examples of public routes, with which the tests of both gateways (the development one and nginx) compare. */
import type { ServiceName } from '../services.ts';

interface Example {
  readonly path: string;
  readonly service: ServiceName;
  /** The path in the request to the service. */
  readonly becomes: string;
}

export const publicRoutes: readonly Example[] = [
  { path: '/ws/general/alice', service: 'chat', becomes: '/ws/general/alice' },
  { path: '/ws/general/J%C3%BCrgen%20%2F%20x', service: 'chat', becomes: '/ws/general/J%C3%BCrgen%20%2F%20x' },
  { path: '/api/chat/rooms', service: 'chat', becomes: '/rooms' },
  { path: '/api/chat/rooms/general/messages', service: 'chat', becomes: '/rooms/general/messages' },
  { path: '/api/chat/docs', service: 'chat', becomes: '/docs' },
  { path: '/api/chat/docs/swagger-ui.css', service: 'chat', becomes: '/docs/swagger-ui.css' },
  { path: '/api/chat/openapi.json', service: 'chat', becomes: '/openapi.json' },
  { path: '/api/chat/asyncapi.json', service: 'chat', becomes: '/asyncapi.json' },
  { path: '/api/chat/health', service: 'chat', becomes: '/health' },
  { path: '/api/presence', service: 'presence', becomes: '/presence' },
  { path: '/api/presence/alice', service: 'presence', becomes: '/presence/alice' },
  { path: '/api/presence/a%3Ab/heartbeat', service: 'presence', becomes: '/presence/a%3Ab/heartbeat' },
  { path: '/api/presence/rooms/general/typing', service: 'presence', becomes: '/presence/rooms/general/typing' },
  { path: '/api/presence/health', service: 'presence', becomes: '/health' },
  { path: '/api/presence/docs', service: 'presence', becomes: '/docs' },
  { path: '/api/presence/docs/swagger-ui-bundle.js', service: 'presence', becomes: '/docs/swagger-ui-bundle.js' },
  { path: '/api/presence/openapi.json', service: 'presence', becomes: '/openapi.json' },
  { path: '/api/notifications', service: 'notification', becomes: '/notifications' },
  {
    path: '/api/notifications/alice/unread-count',
    service: 'notification',
    becomes: '/notifications/alice/unread-count',
  },
  {
    path: '/api/notifications/messages/unread-count',
    service: 'notification',
    becomes: '/notifications/messages/unread-count',
  },
  {
    path: '/api/notifications/messages/read-all',
    service: 'notification',
    becomes: '/notifications/messages/read-all',
  },
  {
    path: '/api/notifications/messages/read-room',
    service: 'notification',
    becomes: '/notifications/messages/read-room',
  },
  { path: '/api/notifications/messages', service: 'notification', becomes: '/notifications/messages' },
  { path: '/api/notifications/messages/', service: 'notification', becomes: '/notifications/messages/' },
  { path: '/api/notifications/push/read-all', service: 'notification', becomes: '/notifications/push/read-all' },
  { path: '/api/notifications/push/key', service: 'notification', becomes: '/push/key' },
  { path: '/api/notifications/push/subscriptions', service: 'notification', becomes: '/push/subscriptions' },
  { path: '/api/notifications/health', service: 'notification', becomes: '/health' },
  { path: '/api/notifications/docs', service: 'notification', becomes: '/docs' },
  { path: '/api/notifications/openapi.json', service: 'notification', becomes: '/openapi.json' },
  { path: '/api/files/upload', service: 'file', becomes: '/upload' },
  { path: '/api/files/files', service: 'file', becomes: '/files' },
  { path: '/api/files/123', service: 'file', becomes: '/123' },
  { path: '/api/files/123/download', service: 'file', becomes: '/123/download' },
  { path: '/api/files/health', service: 'file', becomes: '/health' },
  { path: '/', service: 'web', becomes: '/' },
  { path: '/rooms/general', service: 'web', becomes: '/rooms/general' },
  { path: '/assets/app.css', service: 'web', becomes: '/assets/app.css' },
];
