/**
 * The only way to turn text into elements of the page. Browsers with Trusted Types block every other way. htmx gets the same policy,
 * and may not run code from attributes. The policy accepts a text only once, and only after it was admitted: markup of the view engine,
 * and pages whose response was checked (`navigation/visits.ts`).
 */
import htmx from 'htmx.org';
import type { Html } from '../../views/html.ts';

interface MarkupPolicy {
  createHTML(text: string): string;
  createScript(text: string): string;
  createScriptURL(url: string): string;
}

declare global {
  interface Window {
    readonly trustedTypes?: { createPolicy(name: string, rules: MarkupPolicy): MarkupPolicy };
  }
}

const refuse = (): never => {
  throw new Error('Parley takes no such code or markup');
};

const WORKER = '/sw.js';

const admitted = new Set<string>();

const rules: MarkupPolicy = {
  createHTML: (text) => (admitted.delete(text) ? text : refuse()),
  createScript: refuse,
  createScriptURL: (url) => (url === WORKER ? url : refuse()),
};
const policy = window.trustedTypes?.createPolicy('parley', rules) ?? rules;

/** The service worker's URL: the only script URL that the policy accepts. */
export const workerAddress = (): string => policy.createScriptURL(WORKER);

htmx.registerExtension('parley', {
  init: (api: { initSecurity(policy: MarkupPolicy, sync: unknown, async: unknown): void }) =>
    api.initSecurity(policy, refuse, refuse),
});

/** htmx parses the head apart from the rest of a page, cut out by this pattern. If htmx changes it, the policy refuses the page. */
const HEAD = /<head(\s[^>]*)?>[\s\S]*?<\/head>/i;

/** Lets the Trusted Types policy accept a checked page: its head and the rest, which htmx parses separately. */
export const admitPage = (text: string): void => {
  const head = HEAD.exec(text)?.[0] ?? '';
  admitted.add(head).add(text.replace(head, ''));
};

/** Drops admissions that were not used. Called when a request is over. */
export const endAdmissions = (): void => admitted.clear();

/** The elements of markup from the view engine, which has escaped all values in it. */
export const elementsOf = (markup: Html): HTMLElement[] => {
  const template = document.createElement('template');
  admitted.add(markup.text);
  template.innerHTML = policy.createHTML(markup.text);
  return [...template.content.children].filter((child) => child instanceof HTMLElement);
};

/** The only element of a markup. @throws {Error} when there is none */
export const elementOf = (markup: Html): HTMLElement => {
  const [element] = elementsOf(markup);
  if (!element) throw new Error('The markup has no element');
  return element;
};
