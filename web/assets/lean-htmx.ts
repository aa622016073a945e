/**
 * A build plugin that empties methods of htmx which the page never uses: morphing, out-of-band swaps, partials, code in attributes,
 * scripts, transitions, triggers other than click and submit. The bundle is smaller, and injected attributes can't reach that code. The
 * version is pinned; the build fails if another one is laid out differently.
 */
import type { BunPlugin } from 'bun';

/** Used when history restores a page. Attributes that the restored page lacks are removed too. */
const COPY_ATTRIBUTES =
  'for (const { name } of [...destination.attributes]) if (!source.hasAttribute(name)) destination.removeAttribute(name);' +
  'for (const { name, value } of source.attributes) destination.setAttribute(name, value);';

/** Links and forms act on their own event. No page has another trigger (timers, visibility, filters). */
const LISTEN =
  'const listener = (event) => { if (this.#shouldCancel(event)) event.preventDefault(); handler(event); };' +
  'elt._htmx.listeners.push({ fromElt: elt, eventName: specString, handler: listener });' +
  'elt.addEventListener(specString, listener);';

/** Names of methods, and the body that replaces each. */
const METHODS: Readonly<Record<string, string>> = {
  '#morph': '',
  '#morphChildren': '',
  '#morphNode': '',
  '#matchesUpcomingSibling': '',
  '#findBestMatch': '',
  '#isSoftMatch': '',
  '#copyAttributes': COPY_ATTRIBUTES,
  '#populateIdMapWithTree': '',
  '#createIdMaps': '',
  '#createPersistentIds': '',
  '#createOOBTask': '',
  '#processOOB': 'return [];',
  '#processPartials': 'return [];',
  '#onTrigger': LISTEN,
  '#parseTriggerSpecs': '',
  '#startCSSTransitions': 'return [];',
  '#submitTransitionTask': '',
  '#processTransitionQueue': '',
  '#executeJavaScript': '',
  '#apiMethods': '',
  '#processScripts': '',
  '#handleHxOnAttributes': '',
  '#handleTriggerHeader': '',
  '#handlePreservedElements': '',
  '#restorePreservedElements': '',
  '#initRequestIndicatorCss': '',
  '#disableElements': '',
  '#enableElements': '',
};

/** Replaces the body of a method. @param start a pattern of its head, up to the opening brace */
const leaveOut = (source: string, name: string, start: string, indentation: string, body: string): string => {
  const known = new RegExp(`^(${indentation}${start}) \\{\\n[\\s\\S]*?^${indentation}\\}$`, 'm');
  if (!known.test(source)) throw new Error(`htmx has no ${name} where its pinned version has it`);
  return source.replace(known, `$1 { ${body} }`);
};

/** @throws when the module is laid out differently */
export const leanPage = (source: string): string =>
  Object.entries(METHODS).reduce(
    (lean, [name, body]) => leaveOut(lean, name, `(?:async )?${name}\\(.*\\)`, ' {8}', body),
    source,
  );

export const leanHtmx: BunPlugin = {
  name: 'lean-htmx',
  setup: (build) => {
    build.onLoad({ filter: /[\\/]htmx\.org[\\/]dist[\\/]htmx\.esm\.js$/ }, async ({ path }) => ({
      contents: leanPage(await Bun.file(path).text()),
      loader: 'js',
    }));
  },
};
