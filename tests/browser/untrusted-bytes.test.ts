/** User-controlled bytes never become part of a page, wherever this origin serves them. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { uploadFile } from '@parley/client/api/file';
import { describeWith } from '@parley/testing/servers/servers';
import type { Page, Request } from 'playwright-core';
import { launchFirefox } from './firefox.ts';
import { hostileFiles, STOLEN, TAKEOVER } from './hostile-files.ts';
import { force, type Htmx } from './htmx-commands.ts';
import { launchBrowser, type Meeting, meet, type Person, patiently } from './people.ts';

/** A room that Firefox restores from memory reloads itself, which its driver reports as a failed navigation: go back by script instead. */
const goBackInFirefox = (page: Page) => page.evaluate(() => void setTimeout(() => history.back()));

const browsers = [
  ['chromium', launchBrowser, (page: Page) => page.goBack()],
  ['firefox', launchFirefox, goBackInFirefox],
] as const;

for (const [name, launch, goBack] of browsers)
  describeWith([name], `what people choose the bytes of, in ${name}`, () => {
    let meeting: Meeting<['Alice']>;
    let alice: Person;
    let home = '';
    let token = '';
    const requests: Request[] = [];
    const paths = new Map<string, string>();

    beforeAll(async () => {
      meeting = await meet(['Alice'], { launch: () => launch() });
      [alice] = meeting.people;
      home = `${meeting.suite.origin}/rooms/general`;
      alice.page.context().on('request', (request) => requests.push(request));
      for (const { name: file, type, bytes } of await hostileFiles()) {
        const hostile = new File([new Uint8Array(bytes)], file, { type });
        const stored = await meeting.call(uploadFile, { file: hostile, uploaded_by: 'mallory', room_id: 'general' });
        paths.set(file, stored.download_url);
      }
      const cookies = await alice.page.context().cookies();
      token = cookies.find((cookie) => cookie.name === 'parley_form')?.value ?? '';
      expect(token).toMatch(/^[\w-]{32}$/);
    });

    afterAll(() => meeting?.close());

    const say = (content: string, more: Record<string, unknown> = {}) =>
      meeting.post('chat/rooms/general/messages', { user_id: 'mallory', username: 'Mallory', content, ...more });

    /** Checks that no page of the browser contains the markup, and that nothing it refers to was requested. */
    const isUnharmed = async (): Promise<void> => {
      for (const page of alice.page.context().pages())
        expect(await page.locator('h1', { hasText: 'swapped' }).count()).toBe(0);
      const ofMarkup = requests.filter((request) => new URL(request.url()).pathname.startsWith(STOLEN));
      const posts = requests.filter((request) => request.method() === 'POST');
      // The page's own POSTs are heartbeats and beacons to presence.
      const strange = posts.filter((request) => !new URL(request.url()).pathname.startsWith('/api/presence/'));
      const withToken = requests.filter(
        (request) => request.url().includes(token) || (request.postData() ?? '').includes(token),
      );
      const told = [...ofMarkup, ...strange, ...withToken].map((request) => `${request.method()} ${request.url()}`);
      expect(told).toEqual([]);
    };

    const goHome = async (): Promise<void> => {
      requests.length = 0;
      // The previous page may still finish an action of its own.
      await patiently(async () => {
        await alice.page.goto(home);
        await alice.page.locator('#log').waitFor({ timeout: 5_000 });
      });
    };

    /** Checks that the browser navigated to the address, or downloads it. */
    const navigatesTo = async (path: string, act: () => Promise<unknown>): Promise<void> => {
      const isVisit = (request: Request) => request.isNavigationRequest() && request.url().endsWith(path);
      const visited = alice.page.waitForRequest(isVisit);
      await act();
      await visited;
      await patiently(async () => {
        const isThere = alice.page.url().endsWith(path) && (await alice.page.locator('#room').count()) === 0;
        const isSaved = alice.page.url() === home && (await alice.page.locator('#room').count()) === 1;
        expect(isThere || isSaved).toBeTrue();
      });
      await isUnharmed();
    };

    test('a link to a file of any type opens the file, from a live message and from a loaded one', async () => {
      await goHome();
      for (const [file, path] of paths) {
        await say(`[Report ${file}](${path})`);
        const link = alice.page.locator('#log a', { hasText: `Report ${file}` }).last();
        await link.waitFor();
        await navigatesTo(path, () => link.click());
        await goHome();
        await navigatesTo(path, () => link.click());
        await goHome();
      }
    });

    test('by keyboard, by a middle click, dragged into the page, and back and forward', async () => {
      const path = paths.get('report.txt') ?? '';
      const link = alice.page.locator('#log a', { hasText: 'Report report.txt' }).last();
      await say(`[Report report.txt](${path})`);
      await goHome();
      await link.focus();
      await navigatesTo(path, () => alice.page.keyboard.press('Enter'));
      await goBack(alice.page);
      await alice.page.locator('#log').waitFor();
      await isUnharmed();
      // A page restored from memory reloads itself; keys pressed before that are lost.
      await patiently(async () => {
        const isThere = await alice.page.evaluate((to) => {
          if (location.pathname !== to) setTimeout(() => history.forward());
          return location.pathname === to;
        }, path);
        expect(isThere).toBeTrue();
      });
      await isUnharmed();
      await goHome();
      const opened = alice.page.context().waitForEvent('page');
      await link.click({ button: 'middle' });
      const tab = await opened;
      await patiently(() => expect(tab.url()).toEndWith(path));
      await isUnharmed();
      await tab.close();
      await link.dragTo(alice.page.locator('#text'));
      await link.dragTo(alice.page.locator('.bar'));
      await isUnharmed();
    });

    test('a file that is sent as one, its thumbnail and its name', async () => {
      await goHome();
      for (const [file, path] of paths) {
        const type = /\.(png|jpg|webp|gif)$/.test(file)
          ? `#type=image/${file.slice(2).replace('jpg', 'jpeg')}&w=8&h=8`
          : '';
        await say(`${TAKEOVER} ${file}`, { message_type: 'file', file_url: path + type });
      }
      await say('after the files');
      await alice.sees('after the files');
      await isUnharmed();
      const opened = alice.page.context().waitForEvent('page');
      await alice.page
        .locator(`#log a[href="${paths.get('report.txt')}"].card`)
        .last()
        .click();
      const tab = await opened;
      await tab.waitForLoadState();
      await isUnharmed();
      await tab.close();
      await goHome();
      await isUnharmed();
    });

    test('htmx itself, made to ask for it: by script, link, form, panel and history', async () => {
      const path = paths.get('report.txt') ?? '';
      for (const file of paths.values()) {
        await goHome();
        await navigatesTo(file, () => force.ajax(alice.page, file));
      }
      const thumbnail = (paths.get('a.png') ?? '').replace('download', 'thumbnail');
      for (const address of [path, thumbnail, '/api/chat/rooms/general/messages?limit=50', '/api/chat/docs'])
        for (const act of [force.panel, force.link, force.history]) {
          await goHome();
          await navigatesTo(address, () => act(alice.page, address));
        }
      await goHome();
      await force.form(alice.page, path, 'get');
      await patiently(() => expect(new URL(alice.page.url()).pathname).toBe(path));
      await isUnharmed();
    });

    test('a form that is sent where no page answers stays, and says so', async () => {
      await goHome();
      await alice.page.route('**/stand-in', (route) =>
        route.fulfill({ contentType: 'text/html', headers: { 'hx-redirect': '/account' }, body: TAKEOVER }),
      );
      await force.form(alice.page, '/stand-in', 'post');
      await alice.page.locator('#toasts p').waitFor();
      expect(alice.page.url()).toBe(home);
      expect(await alice.page.locator('h1', { hasText: 'swapped' }).count()).toBe(0);
    });

    test('orders in an answer’s headers are no orders, not even where it has the mark of pages', async () => {
      const orders = {
        'hx-redirect': STOLEN,
        'hx-location': STOLEN,
        'hx-push-url': STOLEN,
        'hx-refresh': 'true',
        'hx-retarget': 'body',
        'hx-reswap': 'innerHTML',
        'hx-trigger': 'stolen',
      };
      for (const mark of [{}, { 'parley-page': '1' }] as Record<string, string>[]) {
        await goHome();
        await alice.page.evaluate(() => {
          for (const event of ['stolen', 'htmx:before:history:update'])
            document.addEventListener(event, () => Reflect.set(window, 'heard', true));
        });
        const part = '<section id="notifications"><p class="ours">a part</p></section>';
        const body = `<!doctype html><html><head><title>x</title></head><body>${part}</body></html>`;
        await alice.page.route('**/ordered', (route) =>
          route.fulfill({ contentType: 'text/html', headers: { ...orders, ...mark }, body }),
        );
        await force.panel(alice.page, '/ordered');
        if (mark['parley-page']) await alice.page.locator('#panel .ours').waitFor({ state: 'attached' });
        else await patiently(() => expect(alice.page.url()).toEndWith('/ordered'));
        expect(await alice.page.evaluate(() => Reflect.get(window, 'heard') ?? null)).toBeNull();
        await isUnharmed();
        await alice.page.unroute('**/ordered');
      }
    });

    test('markup that nobody checked is refused by the policy, whoever hands it in', async () => {
      await goHome();
      const outcome = await alice.page.evaluate(async (text) => {
        const htmx = Reflect.get(window, 'htmx') as Htmx;
        const handed = htmx.swap({ text, target: '#page', swap: 'outerHTML', sourceElement: document.body });
        return handed.then(() => 'swapped').catch(() => 'refused');
      }, TAKEOVER);
      expect(outcome).toBe('refused');
      await isUnharmed();
    });

    test('htmx acts for nothing in a page but boosted links and forms', async () => {
      await goHome();
      await alice.page.evaluate((stolen) => {
        const element = document.createElement('form');
        for (const [attribute, value] of Object.entries({
          'hx-post': stolen,
          'hx-trigger': 'load',
          'hx-include': 'global [name=form_token]',
          'hx-on:click': 'window.pwned = 1',
        }))
          element.setAttribute(attribute, value);
        const inLog = element.cloneNode() as HTMLElement;
        document.querySelector('.dock')?.append(element);
        document.querySelector('#log article .body')?.append(inLog);
        for (const each of [element, inLog]) {
          (Reflect.get(window, 'htmx') as Htmx).process(each);
          each.click();
        }
      }, STOLEN);
      await say('afterwards');
      await alice.sees('afterwards');
      expect(await alice.page.evaluate(() => Reflect.get(window, 'pwned') ?? null)).toBeNull();
      await isUnharmed();
    });

    test('addresses and names that are shown again stay text, also where htmx puts the page in', async () => {
      const markup = encodeURIComponent(TAKEOVER.slice(0, 400));
      for (const path of [
        `/nowhere/${markup}`,
        `/rooms/${markup}`,
        `/new-room?name=${markup}`,
        `/rooms/general?before=${markup}`,
      ]) {
        await goHome();
        await force.link(alice.page, path);
        await patiently(() => expect(alice.page.url()).not.toBe(home));
        await isUnharmed();
      }
      for (const path of [`/api/chat/${markup}`, `/api/files/${markup}`, `/api/files/x/${markup}`]) {
        await goHome();
        await navigatesTo(path, () => force.link(alice.page, path));
      }
      await meeting.post('notifications', {
        ...{
          user_id: 'alice',
          title: TAKEOVER.slice(0, 200),
          body: TAKEOVER,
          notif_type: 'mention',
          room_id: 'general',
        },
      });
      await goHome();
      await alice.page.locator('#bell').click();
      await alice.page.locator('#panel .notification').first().waitFor();
      await isUnharmed();
    });
  });
