/**
 * htmx without what the page never uses: morphing, swaps out of band, partials, code in attributes, scripts, transitions, triggers
 * other than a click or a submit. What is left out can't be reached by an attribute that somebody smuggles in, either. The version is
 * pinned; one that is laid out otherwise ends the build.
 */
import type { BunPlugin } from 'bun';

/** As going back makes a page be what it was: attributes that the page doesn't have go, too. */
const COPY_ATTRIBUTES =
  'for (const { name } of [...destination.attributes]) if (!source.hasAttribute(name)) destination.removeAttribute(name);' +
  'for (const { name, value } of source.attributes) destination.setAttribute(name, value);';

/** A link or form acts at its own event. Nothing in a page has another trigger: a time, a place on the screen, a filter. */
const LISTEN =
  'const listener = (event) => { if (this.#shouldCancel(event)) event.preventDefault(); handler(event); };' +
  'elt._htmx.listeners.push({ fromElt: elt, eventName: specString, handler: listener });' +
  'elt.addEventListener(specString, listener);';

/** Methods by name, and what is left of each. */
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

/** Replaces what stands between a function's braces. @param start as a pattern, to the opening brace */
const leaveOut = (source: string, name: string, start: string, indentation: string, body: string): string => {
  const known = new RegExp(`^(${indentation}${start}) \\{\\n[\\s\\S]*?^${indentation}\\}$`, 'm');
  if (!known.test(source)) throw new Error(`htmx has no ${name} where its pinned version has it`);
  return source.replace(known, `$1 { ${body} }`);
};

/** @throws when the module isn't laid out as known */
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
