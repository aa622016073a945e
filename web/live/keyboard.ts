/** Keyboard shortcuts. Single letters work only outside of text fields. */
import type { Act } from '../views/ids.ts';
import { chooseRoom, showShortcuts } from './page/dialog.ts';
import type { RoomContext } from './page/room-context.ts';
import { roomLinks, roomOf } from './sidebar/rooms.ts';
import type { Editing } from './writing/editing.ts';

export interface KeyboardDeps {
  readonly context: Pick<RoomContext, 'room' | 'signal'>;
  readonly log: HTMLElement;
  readonly editing: Editing;
  focusField(): void;
  toNewest(): void;
}

const isWriting = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

const stepRoom = (room: string, step: 1 | -1): void => {
  const links = roomLinks();
  const at = links.findIndex(({ dataset }) => dataset.room === room);
  links[(at + step + links.length) % links.length]?.click();
};

/** The regions that F6 steps through. In a busy room Tab would pass hundreds of links between the bell and the field. */
const REGIONS = ['#rooms [aria-current]', '#bell', '#scroll', '#composer'];

const stepRegion = (step: 1 | -1): void => {
  const at = REGIONS.findIndex((selector) => document.activeElement?.closest(selector));
  const next = REGIONS[(Math.max(at, step === 1 ? -1 : 0) + step + REGIONS.length) % REGIONS.length] ?? '';
  document.querySelector<HTMLElement>(next === '#composer' ? '#text' : next)?.focus();
};

const nextUnread = (): void =>
  roomLinks()
    .find((link) => link.classList.contains('unread'))
    ?.click();

const findRoom = async (): Promise<void> => {
  const chosen = chooseRoom(roomLinks().map(roomOf));
  const field = document.getElementById('find') as HTMLInputElement | null;
  const buttons = [...(field?.form?.querySelectorAll('button') ?? [])];
  const narrow = (): void => {
    const wanted = field?.value.trim().toLowerCase() ?? '';
    for (const button of buttons) {
      const item = button.closest('li');
      if (item) item.hidden = !button.textContent.toLowerCase().includes(wanted);
    }
  };
  field?.addEventListener('input', narrow);
  field?.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    buttons.find((button) => !button.closest('li')?.hidden)?.click();
  });
  const id = await chosen;
  roomLinks()
    .find(({ dataset }) => dataset.room === id)
    ?.click();
};

export const watchKeyboard = ({ context, log, editing, focusField, toNewest }: KeyboardDeps): void => {
  const { room, signal } = context;
  const focused = (): HTMLElement | undefined => {
    const article = document.activeElement?.closest('article');
    return article instanceof HTMLElement && log.contains(article) ? article : undefined;
  };

  const stepMessage = (step: 1 | -1): void => {
    const articles = [...log.querySelectorAll<HTMLElement>('article')];
    const current = focused();
    const at = current ? articles.indexOf(current) + step : articles.length - 1;
    articles[Math.max(0, Math.min(at, articles.length - 1))]?.focus();
  };

  const onMessage = (action: Act): void => {
    const article = focused();
    if (article?.querySelector(`[data-act="${action}"]`)) void editing.act(article, action);
  };

  const letters: Record<string, () => void> = {
    j: () => stepMessage(1),
    k: () => stepMessage(-1),
    e: () => onMessage('edit'),
    r: () => onMessage('quote'),
    Delete: () => onMessage('delete'),
    c: focusField,
    n: nextUnread,
    End: toNewest,
    '?': () => void showShortcuts(),
  };

  document.addEventListener(
    'keydown',
    (event) => {
      if (event.defaultPrevented || event.isComposing || document.querySelector('dialog[open]')) return;
      if ((event.ctrlKey || event.metaKey) && event.key === 'k') {
        event.preventDefault();
        return void findRoom();
      }
      if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
        event.preventDefault();
        return stepRoom(room, event.key === 'ArrowDown' ? 1 : -1);
      }
      if (event.key === 'F6') {
        event.preventDefault();
        return stepRegion(event.shiftKey ? -1 : 1);
      }
      if (event.key === 'Escape' && focused()) return focusField();
      if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
      const act = letters[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    },
    { signal },
  );
};
