/** The reader's menu: switches colours without a reload, offers push notifications, shows the shortcuts. */
import { showShortcuts } from '../page/dialog.ts';
import { findElement } from '../page/elements.ts';
import type { RoomContext } from '../page/room-context.ts';
import { offerPush } from '../push/subscription.ts';

const applyTheme = (theme: string, buttons: Iterable<HTMLButtonElement>): void => {
  document.documentElement.dataset.theme = theme;
  document.querySelector('meta[name="color-scheme"]')?.setAttribute('content', theme === 'auto' ? 'light dark' : theme);
  for (const button of buttons) button.setAttribute('aria-pressed', String(button.value === theme));
};

export const watchMenu = ({ signal }: Pick<RoomContext, 'signal'>): void => {
  const menu = findElement('me-menu');
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
      // If the server can't store the choice, it holds for this page only.
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
      // On failure the button stays hidden.
      void offerPush(push).catch(() => undefined);
    },
    { signal },
  );
};
