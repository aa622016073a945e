import { describe, expect, test } from 'bun:test';
import { publicRoutes } from './gateway-routes.examples.ts';
import { routeOf } from './gateway-routes.ts';

describe('the routes of the one origin', () => {
  for (const { path, service, becomes } of publicRoutes) {
    test(`${path} goes to ${service} as ${becomes}`, () => {
      expect(routeOf(path)).toEqual({ service, path: becomes });
    });
  }

  test('what operators alone may read is not handed out', () => {
    for (const path of ['/metrics', '/ready', '/api/chat/metrics', '/api/files/ready', '/api/presence/metrics'])
      expect(routeOf(path)).toBeUndefined();
  });

  test('what chat tells notification of a message is not handed out', () => {
    const id = '0197b3f6-1111-7000-8000-000000000000';
    for (const rest of [
      `messages/${id}`,
      `messages/${id}/`,
      `%6dessages/${id}`,
      `messages/%30${id.slice(1)}`,
      'messages/x/y',
    ])
      expect([rest, routeOf(`/api/notifications/${rest}`)]).toEqual([rest, undefined]);
  });

  test('a path that only begins like a prefix is a page', () => {
    for (const path of ['/api/chats', '/api/presences/x', '/api/filesystem', '/wsx/general/alice', '/api'])
      expect(routeOf(path)).toEqual({ service: 'web', path });
  });

  test('a user may go by the name of what a service offers beside its noun', () => {
    expect(routeOf('/api/presence/docs/heartbeat')).toEqual({ service: 'presence', path: '/presence/docs/heartbeat' });
    expect(routeOf('/api/notifications/health/read-all')).toEqual({
      service: 'notification',
      path: '/notifications/health/read-all',
    });
  });
});
