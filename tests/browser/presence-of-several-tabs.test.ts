import { afterAll, beforeAll, expect, test } from 'bun:test';
import { getPerson } from '@parley/client/api/presence';
import { describeWith } from '@parley/testing/servers/servers';
import { eventually } from '@parley/testing/time/eventually';
import { type Meeting, meet, type Person } from './people.ts';

describeWith(['chromium'], 'someone with several pages open', () => {
  let meeting: Meeting<['Ann', 'Bob']>;
  let bob: Person;

  beforeAll(async () => {
    meeting = await meet(['Ann', 'Bob']);
    [, bob] = meeting.people;
  });

  afterAll(() => meeting?.close());

  const isOnline = async (userId: string): Promise<boolean> =>
    (await meeting.call(getPerson, { user_id: userId })).online;

  /** Resolves when presence has handled every beacon sent before: a third person leaves last, and is seen as offline. */
  const goodbyesAreTaken = async (): Promise<void> => {
    const marker = await meeting.comeIn('Marker');
    await marker.leave();
    await eventually(async () => expect(await isOnline('marker')).toBeFalse());
  };

  const annIsListed = () => bob.page.locator('#people [data-user=ann]');

  test('stays online for everyone when one of two browsers is closed', async () => {
    const other = await meeting.comeIn('Ann');
    await annIsListed().waitFor();
    await other.page.goto('about:blank');
    await goodbyesAreTaken();
    expect(await isOnline('ann')).toBeTrue();
    await bob.page.reload();
    await annIsListed().waitFor();
    await other.page.context().close();
  });

  test('stays online when one of two tabs is closed, reloaded, or shows another room', async () => {
    const [ann] = meeting.people;
    const tab = await ann.page.context().newPage();
    await tab.goto(`${meeting.suite.origin}/rooms/general`);
    await tab.locator('#log').waitFor();
    await tab.locator('#rooms a', { hasText: 'devops' }).click();
    await tab.locator('#room[data-room=devops]').waitFor();
    await tab.reload();
    await tab.locator('#log').waitFor();
    await tab.goto('about:blank');
    await goodbyesAreTaken();
    expect(await isOnline('ann')).toBeTrue();
    await tab.close();
  });

  test('is offline at once when the last page is left', async () => {
    const [ann] = meeting.people;
    await ann.page.goto('about:blank');
    await eventually(async () => expect(await isOnline('ann')).toBeFalse());
    await eventually(() => annIsListed().waitFor({ state: 'detached' }));
  });
});
