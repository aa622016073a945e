/**
 * The one way that markup gets into the page. Browsers with Trusted Types let nothing else through; htmx gets the same policy, and
 * no way to run code from an attribute. The policy takes a text only if it was admitted as it stands, and only once: markup of our
 * view engine, and pages whose answer was checked (`navigation/visits.ts`).
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

/** The service worker's address, the only script that is loaded from within one. */
export const workerAddress = (): string => policy.createScriptURL(WORKER);

htmx.registerExtension('parley', {
  init: (api: { initSecurity(policy: MarkupPolicy, sync: unknown, async: unknown): void }) =>
    api.initSecurity(policy, refuse, refuse),
});

/** As htmx takes a page apart before it parses it: another way of it would be refused, and a test fails. */
const HEAD = /<head(\s[^>]*)?>[\s\S]*?<\/head>/i;

/** Lets a page in that was checked, once, to be swapped by htmx. */
export const admitPage = (text: string): void => {
  const head = HEAD.exec(text)?.[0] ?? '';
  admitted.add(head).add(text.replace(head, ''));
};

/** Ends what is left of admissions, once a request is over. */
export const endAdmissions = (): void => admitted.clear();

/** Elements of markup that the view engine made, hence escaped. */
export const elementsOf = (markup: Html): HTMLElement[] => {
  const template = document.createElement('template');
  admitted.add(markup.text);
  template.innerHTML = policy.createHTML(markup.text);
  return [...template.content.children].filter((child) => child instanceof HTMLElement);
};

/** The one element of a markup. @throws when there is none */
export const elementOf = (markup: Html): HTMLElement => {
  const [element] = elementsOf(markup);
  if (!element) throw new Error('The markup has no element');
  return element;
};
