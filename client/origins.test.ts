/** Addresses and ids that a program gives. */
import { describe, expect, test } from 'bun:test';
import { startTestChat } from '@parley/chat/testing/server';
import { eventually } from '@parley/testing/time/eventually';
import { createParley } from './parley.ts';
import { joinRoom, type RoomOptions } from './room.ts';

describe('joinRoom and createParley', () => {
  test('throw at once for an address or an id that could never work', () => {
    const refusalOf = (options: Partial<RoomOptions>): string => {
      try {
        joinRoom({ room: 'general', user: 'ada', ...options }).close();
      } catch (error) {
        return String(error);
      }
      return 'taken';
    };
    expect(refusalOf({})).toMatch(/TypeError: .*`baseUrl` or `urls`/);
    expect(refusalOf({ baseUrl: '' })).toMatch(/TypeError: .*`baseUrl` or `urls`/);
    for (const wrong of ['localhost:8080', 'chat.example', '/parley', 'ws://localhost:8080', 'http://'])
      for (const options of [{ baseUrl: wrong }, { urls: { chat: wrong } }])
        expect(refusalOf(options)).toContain(`TypeError: “${wrong}” is no address of Parley`);
    const baseUrl = 'http://127.0.0.1:9';
    expect(refusalOf({ baseUrl, room: '' })).toContain('`room` is empty');
    expect(refusalOf({ baseUrl, user: '' })).toContain('`user` is empty');
    for (const options of [{ baseUrl }, { urls: { chat: () => 'anything' } }, { baseUrl: 'HTTPS://chat.example' }])
      expect(refusalOf(options)).toBe('taken');
    expect(() => createParley({ baseUrl: 'localhost:8080' })).toThrow('“localhost:8080” is no address');
  });

  test('accept a slash at the end of the address', async () => {
    const chat = await startTestChat();
    const ada = joinRoom({ urls: { chat: `${chat.url}/` }, room: 'general', user: 'ada' });
    await eventually(() => expect(ada.status.state).toBe('live'));
    ada.close();
    await chat.stop();
  });
});
