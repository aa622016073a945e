/** People with browsers, each in a context of their own. Their pages are watched for policy violations, script errors and foreign requests. */
import { getPerson } from '@parley/client/api/presence';
import { type Call, createHttp } from '@parley/client/http';
import { findProgram } from '@parley/testing/servers/programs';
import { eventually } from '@parley/testing/time/eventually';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { type Suite, startSuite } from './suite.ts';

/** Generous, since a busy machine is slow. Tests about time have their own limits. */
export const PATIENCE_MS = 30_000;

const ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** @param further command-line switches of this browser */
export const launchBrowser = (...further: string[]): Promise<Browser> =>
  chromium.launch({
    executablePath: findProgram('chromium', 'chromium-browser', 'google-chrome') ?? 'chromium',
    args: [...ARGS, ...further],
  });

export interface Person {
  readonly page: Page;
  /** Content policy violations, script errors, and requests that left the origin. */
  readonly misdeeds: string[];
  write(text: string): Promise<void>;
  /** Waits until the log shows a message with this text. */
  sees(text: string): Promise<void>;
  leave(): Promise<void>;
}

export interface PersonOptions extends BrowserContextOptions {
  /** The first page; the room `general` by default. */
  readonly path?: string;
}

/** Console messages about an unreachable server, which are no fault of the page. */
const EXPECTED =
  /Failed to load resource|WebSocket connection|ws:error|ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|htmx:error: Failed to fetch/;

/** Firefox reports the same among its script errors. */
const EXPECTED_OF_FIREFOX = /^(Firefox can’t establish a connection|The connection to ws)/;

const watch = (page: Page, origin: string): string[] => {
  const misdeeds: string[] = [];
  page.on('pageerror', ({ message }) => {
    if (!EXPECTED_OF_FIREFOX.test(message)) misdeeds.push(`script error: ${message}`);
  });
  page.on('console', (line) => {
    if (line.type() === 'error' && !EXPECTED.test(line.text())) misdeeds.push(`console: ${line.text()}`);
  });
  page.on('request', (request) => {
    const url = request.url();
    if (!/^(data|blob):/.test(url) && new URL(url).host !== new URL(origin).host) misdeeds.push(`request: ${url}`);
  });
  return misdeeds;
};

const GOODBYE_MS = 3_000;

/** Waits until presence reports the person as offline. Gives up silently after a while, or if presence can't be asked (AUTH_SECRET). */
const untilOffline = async (origin: string, userId: string): Promise<void> => {
  const call = createHttp({ baseUrl: origin });
  const isOnline = () =>
    call(getPerson, { user_id: userId }).then(
      ({ online }) => online,
      () => false,
    );
  for (const deadline = Date.now() + GOODBYE_MS; Date.now() < deadline && (await isOnline()); ) await Bun.sleep(50);
};

export const comeIn = async (
  browser: Browser,
  origin: string,
  name: string,
  { path = '/rooms/general', ...options }: PersonOptions = {},
): Promise<Person> => {
  const context = await browser.newContext({ viewport: { width: 1_200, height: 800 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const misdeeds = watch(page, origin);
  await page.goto(origin + path);
  await page.getByLabel('Your name').fill(name);
  await page.getByRole('button', { name: 'Join the conversation' }).click();
  await page.locator('#log').waitFor();
  return {
    page,
    misdeeds,
    write: async (text) => {
      await page.locator('#text').fill(text);
      await page.locator('#text').press('Enter');
    },
    sees: (text) => page.locator('#log article').filter({ hasText: text }).first().waitFor(),
    leave: async () => {
      // Closing the context would drop the page's beacon to presence, which a closed tab still sends: close the page first.
      const here = page.locator('#room');
      const userId = (await here.count()) > 0 ? await here.getAttribute('data-user') : null;
      await page.goto('about:blank');
      if (userId !== null) await untilOffline(origin, userId);
      await context.close();
    },
  };
};

/** A suite, a browser, and people in the room `general`. */
export interface Meeting<Names extends readonly string[]> {
  readonly suite: Suite;
  readonly browser: Browser;
  /** In the order of their names. */
  readonly people: { readonly [Index in keyof Names]: Person };
  /** Adds another person, with their own options. */
  comeIn(name: string, options?: PersonOptions): Promise<Person>;
  /** Calls a service through the gateway, without a browser. */
  readonly call: Call;
  /** Posts to a service, without a browser. @param path after `/api/`. @throws unless the answer is 201 */
  post(path: string, body: unknown): Promise<void>;
  close(): Promise<void>;
}

export interface MeetingOptions {
  /** Further variables of every service. */
  readonly env?: Record<string, string>;
  /** Chromium by default. */
  readonly launch?: () => Promise<Browser>;
}

/** Starts a suite and a browser, and signs these people in, one after another. */
export const meet = async <const Names extends readonly string[]>(
  names: Names,
  { env = {}, launch = launchBrowser }: MeetingOptions = {},
): Promise<Meeting<Names>> => {
  const suite = await startSuite(env);
  let browser: Browser;
  try {
    browser = await launch();
  } catch (error) {
    await suite.close();
    throw error;
  }
  const call = createHttp({ baseUrl: suite.origin });
  const post = async (path: string, body: unknown): Promise<void> => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${suite.origin}/api/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (answer.status !== 201) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  };
  const close = async (): Promise<void> => {
    await browser.close();
    await suite.close();
  };
  const enter = (name: string, options?: PersonOptions) => comeIn(browser, suite.origin, name, options);
  try {
    const people: Person[] = [];
    for (const name of names) people.push(await enter(name));
    return { suite, browser, people: people as unknown as Meeting<Names>['people'], comeIn: enter, call, post, close };
  } catch (error) {
    await close();
    throw error;
  }
};

/** Repeats a check until it passes. @throws its last error after `PATIENCE_MS` */
export const patiently = <T>(probe: () => T | Promise<T>): Promise<T> => eventually(probe, { timeoutMs: PATIENCE_MS });

/** Makes the page believe that its window has no focus: new messages stay unread, and mentions stay on the bell. */
export const lookAway = async ({ page }: Pick<Person, 'page'>): Promise<void> => {
  const away = () => {
    document.hasFocus = () => false;
  };
  await page.addInitScript(away);
  await page.evaluate(away);
};

/** Goes to another room by its link in the list. */
export const switchTo = async ({ page }: Pick<Person, 'page'>, room: string): Promise<void> => {
  await page.locator(`#rooms a[data-room=${room}]`).click();
  await page.locator(`#room[data-room=${room}]`).waitFor();
};

/** The texts of the messages in the log, in the order of the page. */
export const textsOf = (page: Page): Promise<string[]> => page.locator('#log article .body').allInnerTexts();

/** The notifications that the page's origin shows on the device. */
export const shownNotifications = (page: Page) =>
  page.evaluate(async () => {
    const worker = await navigator.serviceWorker.ready;
    const shown = await worker.getNotifications();
    return shown.map(({ title, body, tag, data: about }) => ({ title, body, tag, about }));
  });
