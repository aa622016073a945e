/** The rest of the room: older messages as the reader scrolls up, newer ones on the way back, the newest at a press. */

import type { Message } from '@parley/chat/messages/rules';
import { listMessages } from '@parley/client/api/chat';
import { call } from '../page/api.ts';
import { type Place, part } from '../page/room-context.ts';
import type { Log } from './log.ts';
import type { Side } from './stretch.ts';

const PAGE = 50;
const AHEAD_PX = 400;

export interface History {
  /** Shows the newest messages, whatever is shown now. */
  toNewest(): Promise<void>;
  /** Reads the newest messages anew: too much has happened to catch up. */
  reload(): Promise<void>;
}

/** The link is still there: scrolling again, or a press on it, tries again. */
const leaveTheLink = (): void => undefined;

export const createHistory = ({ room, signal }: Place, log: Log): History => {
  let loading: Promise<void> | undefined;

  /** Runs the work unless something is being loaded already. What fails is left to `onFailure`. */
  const once = (side: Side, work: () => Promise<void>, onFailure: () => void = leaveTheLink): Promise<void> => {
    if (loading) return loading;
    log.await(side);
    loading = work()
      .catch(onFailure)
      .finally(() => {
        loading = undefined;
        log.goOn();
      });
    return loading;
  };

  const read = (from: { before?: number; after?: number }) =>
    call(listMessages, { room_id: room, limit: PAGE + 1, ...from });

  const split = (list: readonly Message[], side: Side) => ({
    page: side === 'older' ? list.slice(-PAGE) : list.slice(0, PAGE),
    isMore: list.length > PAGE,
  });

  const loadOlder = () =>
    once('older', async () => {
      const { page, isMore } = split(
        await read(log.stretch.first === undefined ? {} : { before: log.stretch.first }),
        'older',
      );
      if (signal.aborted) return;
      log.extend(page, 'older');
      if (!isMore) log.stretch.markBeginning();
    });

  const loadNewer = () =>
    once('newer', async () => {
      const { page, isMore } = split(await read({ after: log.stretch.last ?? 0 }), 'newer');
      if (signal.aborted) return;
      log.extend(page, 'newer');
      if (!isMore) log.stretch.hasNewer = false;
    });

  const readNewest = async () => {
    const { page, isMore } = split(await read({}), 'older');
    if (signal.aborted) return;
    log.clear();
    log.stretch.hasNewer = false;
    log.extend(page, 'older');
    if (!isMore) log.stretch.markBeginning();
    log.scroller.toEnd();
  };

  /** Nobody asks again for this: it waits for what is being loaded, and where it fails, a gap with a link to what is missing stays. */
  const reload = async () => {
    while (loading) await loading;
    await once('newer', readNewest, () => log.markGap());
  };

  const observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        if (target.id === 'older') void loadOlder();
        else void loadNewer();
      }
    },
    { root: part('scroll'), rootMargin: `${AHEAD_PX}px` },
  );
  const watch = (): void => {
    observer.disconnect();
    for (const id of ['older', 'newer']) {
      const link = document.getElementById(id);
      if (link) observer.observe(link);
    }
  };
  /** A page moves the links, and a link that is still in view must call again. */
  const changes = new MutationObserver(watch);
  changes.observe(log.element, { childList: true });
  watch();
  log.element.addEventListener(
    'click',
    (event) => {
      const link = event.target instanceof Element ? event.target.closest('#older, #newer') : null;
      if (!link) return;
      event.preventDefault();
      void (link.id === 'older' ? loadOlder() : loadNewer());
    },
    { signal },
  );
  signal.addEventListener('abort', () => {
    observer.disconnect();
    changes.disconnect();
  });

  return {
    toNewest: async () => {
      if (log.stretch.hasNewer) await reload();
      log.scroller.toEnd();
    },
    reload,
  };
};
