import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { aMessage } from '../testing/upstreams.ts';
import type { Visitor } from '../testing/visitor.ts';
import { startTestWeb, type TestWeb } from '../testing/web.ts';

let web: TestWeb;
let ada: Visitor;

beforeAll(async () => {
  web = await startTestWeb();
  ada = web.visit();
  await ada.signIn('Ada');
});
afterAll(() => web.stop());
beforeEach(() => {
  web.upstreams.asked.length = 0;
});

const textOf = async (path: string): Promise<string> => (await ada.get(path)).text();
const positionsIn = (page: string): number[] =>
  [...page.matchAll(/data-position="(\d+)"/g)].map(([, text]) => Number(text));

describe('a room’s page', () => {
  test('marks nothing as read when it is loaded', async () => {
    web.upstreams.world.messages = [aMessage(1), aMessage(2), aMessage(3)];
    for (const path of ['', '?newest', '?before=3', '/2']) {
      web.upstreams.asked.length = 0;
      expect((await ada.get(`/rooms/general${path}`)).status).toBe(200);
      expect(web.upstreams.asked.filter(({ method }) => method !== 'GET')).toEqual([]);
    }
  });

  test('opens where the reader left off when more is unread than fits, and links the newest', async () => {
    web.upstreams.world.messages = Array.from({ length: 120 }, (_, index) => aMessage(index + 1));
    web.upstreams.world.unread = [{ room_id: 'general', unread: 100, read_position: 20, last_seq: 120 }];
    const page = await textOf('/rooms/general');
    expect(positionsIn(page)).toEqual(Array.from({ length: 55 }, (_, index) => 16 + index));
    expect(page.indexOf('id="new"')).toBeGreaterThan(page.indexOf('data-position="20"'));
    expect(page.indexOf('id="new"')).toBeLessThan(page.indexOf('data-position="21"'));
    expect(page).toContain('data-has-newer');
    expect(page).toContain('href="/rooms/general?newest"');
    expect(web.upstreams.asked.filter(({ method }) => method === 'GET')).toHaveLength(8);
    const newest = await textOf('/rooms/general?newest');
    expect(positionsIn(newest).at(-1)).toBe(120);
    expect(newest).toContain('data-behind');
    expect(newest).not.toContain('id="new"');
    web.upstreams.world.unread = [];
  });

  test('is marked as read by its form, up to the last known position, and not by forms of other sites', async () => {
    web.upstreams.world.messages = [aMessage(1), aMessage(2), aMessage(3)];
    web.upstreams.world.unread = [{ room_id: 'general', unread: 2, read_position: 1, last_seq: 3 }];
    const page = await textOf('/rooms/general');
    const position = /action="\/rooms\/general\/read">.*?name="position" value="(\d+)"/s.exec(page)?.[1] ?? '';
    expect(position).toBe('3');
    web.upstreams.asked.length = 0;
    const forged = await ada.submit('/rooms/general/read', { position, form_token: 'forged' });
    expect([forged.status, web.upstreams.asked.filter(({ method }) => method === 'PUT')]).toEqual([403, []]);
    const marked = await ada.submit('/rooms/general/read', { position });
    expect([marked.status, marked.headers.get('location')]).toEqual([303, '/rooms/general']);
    const [put] = web.upstreams.asked.filter(({ method }) => method === 'PUT');
    expect([put?.path, JSON.parse(put?.body ?? '')]).toEqual(['/rooms/general/read', { user_id: 'ada', position: 3 }]);
    web.upstreams.world.unread = [];
  });
});
