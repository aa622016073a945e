/** One's own menu: colours without a reload, notifications on this device, the list of shortcuts. */
import { showShortcuts } from '../page/dialog.ts';
import type { Place } from '../page/room-context.ts';
import { offerPush } from '../push/subscription.ts';

const applyTheme = (theme: string, buttons: Iterable<HTMLButtonElement>): void => {
  document.documentElement.dataset.theme = theme;
  document.querySelector('meta[name="color-scheme"]')?.setAttribute('content', theme === 'auto' ? 'light dark' : theme);
  for (const button of buttons) button.setAttribute('aria-pressed', String(button.value === theme));
};

export const watchMenu = ({ signal }: Place): void => {
  const menu = document.getElementById('me-menu');
  const themes = menu?.querySelector<HTMLFormElement>('.themes');
  const push = menu?.querySelector<HTMLElement>('[data-act="push"]');
  let isOffered = false;

  themes?.addEventListener(
    'submit',
    (event) => {
      const button = event.submitter;
      if (!(button instanceof HTMLButtonElement)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      applyTheme(button.value, themes.querySelectorAll('button'));
      const form = new URLSearchParams([...new FormData(themes, button)].map(([name, value]) => [name, String(value)]));
      // Not kept by the server: the choice then holds for this page.
      void fetch(themes.action, { method: 'POST', body: form, redirect: 'manual' }).catch(() => undefined);
    },
    { signal, capture: true },
  );
  menu?.querySelector('[data-act="shortcuts"]')?.addEventListener('click', () => void showShortcuts(), { signal });
  menu?.addEventListener(
    'toggle',
    () => {
      if (!push || isOffered) return;
      isOffered = true;
      // Where it can't be offered the button stays hidden.
      void offerPush(push).catch(() => undefined);
    },
    { signal },
  );
};
