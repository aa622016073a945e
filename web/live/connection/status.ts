/** Whether the room is connected, in a word; nothing while it is. */
import { part } from '../page/room-context.ts';

const SHOWN_AFTER_MS = 700;

const endings: Record<number, string> = {
  1009: 'A message was too large. Reload the page to go on.',
  4003: 'This page may not connect. Open the chat by its own address.',
  4001: 'You are signed out. Reload the page to sign in.',
  4004: 'This room is gone.',
  4022: 'This address does not work. Reload the page.',
};

export interface ConnectionLine {
  open(): void;
  closed(code: number | null): void;
}

/** @param restart drops a connection over a network that is gone */
export const createConnectionLine = (signal: AbortSignal, restart: () => void): ConnectionLine => {
  const line = part('connection');
  let timer: ReturnType<typeof setTimeout> | undefined;

  const show = (text: string, afterMs: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      line.textContent = text;
    }, afterMs);
  };
  const showBreak = (): void => (navigator.onLine ? show('Reconnecting…', SHOWN_AFTER_MS) : show('Offline', 0));

  window.addEventListener(
    'offline',
    () => {
      showBreak();
      restart();
    },
    { signal },
  );
  signal.addEventListener('abort', () => clearTimeout(timer));
  return {
    open: () => show('', 0),
    closed: (code) => {
      const ending = endings[code ?? 0];
      if (ending) show(ending, 0);
      else showBreak();
    },
  };
};
