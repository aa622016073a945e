/** Calls of htmx as an injected script would make them, for tests that try to insert content by htmx. */
import type { Page } from 'playwright-core';

export interface Htmx {
  ajax(method: string, path: string, options: Record<string, string>): Promise<void>;
  process(element: Element): void;
  swap(context: Record<string, unknown>): Promise<void>;
}

/** Makes htmx run a command. It starts after this call returns, since the command may leave the page. */
export const force = {
  ajax: (page: Page, path: string) =>
    page.evaluate((to) => {
      const options = { target: '#page', select: '#page', swap: 'outerHTML', push: 'true' };
      setTimeout(() => (Reflect.get(window, 'htmx') as Htmx).ajax('GET', to, options));
    }, path),
  panel: (page: Page, path: string) =>
    page.evaluate((to) => {
      const options = { target: '#panel', select: '#notifications', swap: 'innerHTML' };
      setTimeout(() => (Reflect.get(window, 'htmx') as Htmx).ajax('GET', to, options));
    }, path),
  link: (page: Page, path: string) =>
    page.evaluate((to) => {
      const link = Object.assign(document.createElement('a'), { href: to, textContent: 'boosted' });
      document.querySelector('.dock')?.append(link);
      (Reflect.get(window, 'htmx') as Htmx).process(link);
      setTimeout(() => link.click());
    }, path),
  form: (page: Page, path: string, method: string) =>
    page.evaluate(
      ([action, how]) => {
        const form = Object.assign(document.createElement('form'), { action, method: how });
        document.querySelector('.dock')?.append(form);
        (Reflect.get(window, 'htmx') as Htmx).process(form);
        setTimeout(() => form.requestSubmit());
      },
      [path, method] as const,
    ),
  /** Navigates back to `path`, by a history entry that htmx treats as a page of its own. */
  history: (page: Page, path: string) =>
    page.evaluate((to) => {
      const here = location.pathname;
      history.pushState({ htmx: true }, '', to);
      history.pushState({ htmx: true }, '', here);
      setTimeout(() => history.back());
    }, path),
} as const;
