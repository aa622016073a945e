/**
 * The one way that markup gets into the page. Browsers with Trusted Types let nothing else through; htmx gets the same policy, and
 * no way to run code from an attribute.
 */
import htmx from 'htmx.org';
import type { Html } from '../views/html.ts';

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
  throw new Error('Parley runs no code from markup');
};

const WORKER = '/sw.js';

const rules: MarkupPolicy = {
  createHTML: (text) => text,
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

/** Elements of markup that the view engine made, hence escaped. */
export const elementsOf = (markup: Html): HTMLElement[] => {
  const template = document.createElement('template');
  template.innerHTML = policy.createHTML(markup.text);
  return [...template.content.children].filter((child) => child instanceof HTMLElement);
};

/** The one element of a markup. @throws when there is none */
export const elementOf = (markup: Html): HTMLElement => {
  const [element] = elementsOf(markup);
  if (!element) throw new Error('The markup has no element');
  return element;
};
