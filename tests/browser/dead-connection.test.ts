import { afterAll, beforeAll, expect, test } from 'bun:test';
import { connect, createServer, type Socket } from 'node:net';
import { describeWith } from '@parley/testing/servers/servers';
import { eventually } from '@parley/testing/time/eventually';
import { comeIn, type Meeting, meet, PATIENCE_MS, type Person, textsOf } from './people.ts';

/** Long enough for a message to arrive over a live connection. */
const SILENT_MS = 3_000;

/** A proxy to the suite. Once silenced, its open connections stay open but forward nothing, and neither side is notified. */
const layWire = async (target: string) => {
  const pairs = new Set<readonly [Socket, Socket]>();
  const server = createServer((inner) => {
    const outer = connect({ port: Number(new URL(target).port), host: 'localhost' });
    const pair = [inner, outer] as const;
    pairs.add(pair);
    inner.pipe(outer).pipe(inner);
    for (const socket of pair) {
      socket.on('error', () => socket.destroy());
      socket.on('close', () => pairs.delete(pair));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The wire has no port');
  return {
    origin: `http://localhost:${address.port}`,
    goSilent: () => {
      for (const [inner, outer] of pairs) {
        inner.unpipe().pause();
        outer.unpipe().pause();
      }
    },
    close: () => {
      for (const pair of pairs) for (const socket of pair) socket.destroy();
      server.close();
    },
  };
};

describeWith(['chromium'], 'a network that goes silent', () => {
  let meeting: Meeting<['Bob']>;
  let wire: Awaited<ReturnType<typeof layWire>>;
  let alice: Person;
  let bob: Person;

  beforeAll(async () => {
    meeting = await meet(['Bob']);
    [bob] = meeting.people;
    wire = await layWire(meeting.suite.origin);
    alice = await comeIn(meeting.browser, wire.origin, 'Alice');
    await alice.write('all is well');
    await bob.sees('all is well');
  });

  afterAll(async () => {
    await meeting?.close();
    wire?.close();
  });

  test('is noticed by the page itself, which comes back and shows what it missed, once', async () => {
    wire.goSilent();
    await bob.write('can you hear me?');
    const missed = alice.page.locator('#log article', { hasText: 'can you hear me?' });
    await Bun.sleep(SILENT_MS);
    expect(await missed.count()).toBe(0);
    await missed.waitFor({ timeout: 2 * PATIENCE_MS });
    await alice.write('yes');
    await bob.sees('yes');
    await eventually(
      async () => expect((await textsOf(alice.page)).slice(-3)).toEqual(['all is well', 'can you hear me?', 'yes']),
      { timeoutMs: PATIENCE_MS },
    );
    expect(await alice.page.locator('#connection').textContent()).toBe('');
    expect(alice.misdeeds).toEqual([]);
  });

  test('is noticed as soon where the clock was set back, and typing is told', async () => {
    const typing = bob.page.locator('#typing', { hasText: 'Alice' });
    await alice.page.locator('#text').pressSequentially('is');
    await typing.waitFor();
    await typing.waitFor({ state: 'detached' });
    await alice.page.evaluate((hourMs) => {
      const now = Date.now.bind(Date);
      Date.now = () => now() - hourMs;
    }, 3_600_000);
    await alice.page.locator('#text').pressSequentially(' any');
    await typing.waitFor();
    await alice.page.locator('#text').fill('');
    wire.goSilent();
    await bob.write('what time is it?');
    await alice.page.locator('#log article', { hasText: 'what time is it?' }).waitFor({ timeout: 2 * PATIENCE_MS });
    expect(alice.misdeeds).toEqual([]);
  });
});
