/** Loads the history: older messages when the reader scrolls up, newer ones on the way back, the newest at once by the button. */
import type { Message } from '@parley/chat/messages/rules';
import { listMessages } from '@parley/client/api/chat';
import { call } from '../page/api.ts';
import { findElement, requireElement } from '../page/elements.ts';
import type { RoomContext } from '../page/room-context.ts';
import type { Log } from './log.ts';
import type { Side } from './stretch.ts';

const PAGE = 50;
/** How far outside of the screen a link to more messages already loads them. */
const AHEAD_PX = 400;

export interface History {
  /** Scrolls to the room's newest messages, which are loaded unless they are shown. */
  toNewest(): Promise<void>;
  /** Replaces the log by the newest messages: too many changes were missed to receive them one by one. */
  reload(): Promise<void>;
}

export interface HistoryDeps {
  readonly context: RoomContext;
  readonly log: Log;
}

interface LinkDeps {
  readonly log: HTMLElement;
  readonly signal: AbortSignal;
  load(side: Side): void;
}

/** Loads when a link to more messages comes near the screen, or is pressed. */
const watchLinks = ({ log, signal, load }: LinkDeps): void => {
  const loadBy = ({ id }: Element): void => load(id === 'older' ? 'older' : 'newer');
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) if (isIntersecting) loadBy(target);
    },
    { root: requireElement('scroll'), rootMargin: `${AHEAD_PX}px` },
  );
  const observe = (): void => {
    observer.disconnect();
    for (const id of ['older', 'newer'] as const) {
      const link = findElement(id);
      if (link) observer.observe(link);
    }
  };
  // Observed anew after each change: the observer reports a link that stays in view only once.
  const changes = new MutationObserver(observe);
  changes.observe(log, { childList: true });
  observe();
  log.addEventListener(
    'click',
    (event) => {
      const link = event.target instanceof Element ? event.target.closest('#older, #newer') : null;
      if (!link) return;
      event.preventDefault();
      loadBy(link);
    },
    { signal },
  );
  signal.addEventListener('abort', () => {
    observer.disconnect();
    changes.disconnect();
  });
};

/** The page of a list that was requested with one message more, to know whether there are more. */
const pageOf = (list: readonly Message[], side: Side) => ({
  page: side === 'older' ? list.slice(-PAGE) : list.slice(0, PAGE),
  isMore: list.length > PAGE,
});

/** For a failed load: its link stays, so scrolling or a press tries again. */
const keepLink = (): void => undefined;

export const createHistory = ({ context, log }: HistoryDeps): History => {
  const { room, signal } = context;
  const { stretch } = log;
  let loading: Promise<void> | undefined;

  /** Runs one load at a time; while one runs, others are ignored. */
  const once = (side: Side, load: () => Promise<void>, onFailure: () => void = keepLink): Promise<void> => {
    if (loading) return loading;
    log.pause(side);
    loading = load()
      .catch(onFailure)
      .finally(() => {
        loading = undefined;
        log.resume();
      });
    return loading;
  };

  const fetchPage = async (side: Side, from: { before?: number; after?: number }) =>
    pageOf(await call(listMessages, { room_id: room, limit: PAGE + 1, ...from }), side);

  const loadOlder = async (): Promise<void> => {
    const { page, isMore } = await fetchPage('older', stretch.first === undefined ? {} : { before: stretch.first });
    if (signal.aborted) return;
    log.extend(page, 'older');
    if (!isMore) stretch.markBeginning();
  };

  const loadNewer = async (): Promise<void> => {
    const { page, isMore } = await fetchPage('newer', { after: stretch.last ?? 0 });
    if (signal.aborted) return;
    log.extend(page, 'newer');
    if (!isMore) stretch.hasNewer = false;
  };

  const loadNewest = async (): Promise<void> => {
    const { page, isMore } = await fetchPage('older', {});
    if (signal.aborted) return;
    log.clear();
    stretch.hasNewer = false;
    log.extend(page, 'older');
    if (!isMore) stretch.markBeginning();
    log.scroller.toEnd();
  };

  /** Must not be ignored while another load runs, so it waits for that one. If it fails, the log shows a link over the gap. */
  const reload = async (): Promise<void> => {
    while (loading) await loading;
    await once('newer', loadNewest, () => log.markGap());
  };

  watchLinks({
    log: log.element,
    signal,
    load: (side) => void once(side, side === 'older' ? loadOlder : loadNewer),
  });

  return {
    toNewest: async () => {
      if (stretch.hasNewer) await reload();
      log.scroller.toEnd();
    },
    reload,
  };
};
