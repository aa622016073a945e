/**
 * Going from page to page. Whatever htmx asked for, by a link, a form, the history or the panel, is put into the page only if it is a
 * page of ours. Anything else is the browser's to show, outside of this page; where nobody answers, the page stays and says so.
 */
import htmx from 'htmx.org';
import { isRoomPath } from '../../views/paths.ts';
import { toast } from '../page/announce.ts';
import { admitPage, endAdmissions } from '../page/markup.ts';
import { isBoostedOnly, isPage, isWorthShowing } from './admission.ts';

interface RequestContext {
  readonly request: { readonly action: string; readonly method: string };
  readonly response?: { readonly raw: Response };
  readonly text?: string;
  /** Orders of the answer's `HX-*` headers. */
  hx: Record<string, string>;
}

interface RequestDetail {
  readonly ctx: RequestContext;
}

interface SwapDetail extends RequestDetail {
  readonly tasks: readonly { readonly type: string; readonly fragment: DocumentFragment }[];
}

const sayItFailed = (): void => {
  // As a drawer the list of rooms would hide it.
  document.querySelector<HTMLElement>('.sidebar:popover-open')?.hidePopover();
  toast('There is no answer at the moment. Try again soon');
};

const onAnswer = ({ ctx }: RequestDetail): boolean => {
  // No page of ours orders htmx about, and nobody else may.
  ctx.hx = {};
  const answer = ctx.response?.raw;
  if (answer && isPage(answer, location.origin)) return true;
  void answer?.body?.cancel();
  if (ctx.request.method === 'GET' && answer && isWorthShowing(answer.status)) location.assign(ctx.request.action);
  else sayItFailed();
  return false;
};

/** A page without the part that was asked for, as the door is for the panel, is shown as a whole. */
const onSwap = ({ ctx, tasks }: SwapDetail): boolean => {
  const [main, ...others] = tasks;
  if (main?.type === 'main' && main.fragment.childElementCount > 0 && others.length === 0) return true;
  const answer = ctx.response?.raw;
  if (answer && (ctx.request.method === 'GET' || answer.redirected)) location.assign(answer.url);
  else sayItFailed();
  return false;
};

htmx.registerExtension('parley-visits', {
  htmx_before_init: (element: Element) => isBoostedOnly(element.tagName, element.getAttributeNames()),
  htmx_before_on_init: () => false,
  htmx_before_response: (_: Element, detail: RequestDetail) => onAnswer(detail),
  htmx_after_request: (_: Element, { ctx }: RequestDetail) => admitPage(ctx.text ?? ''),
  htmx_before_swap: (_: Element, detail: SwapDetail) => onSwap(detail),
  htmx_finally_request: endAdmissions,
});

/** Goes to a room in place: what is being uploaded goes on. @param path as `isRoomPath` takes it */
const visit = (path: string, source: Element = document.body): Promise<void> =>
  htmx.ajax('GET', path, { source, target: '#page', select: '#page', swap: 'outerHTML show:top', push: 'true' });

/** htmx is off where texts of people are shown, and rooms that people link to are visited by this. */
const visitRooms = (event: MouseEvent): void => {
  const { target, button, ctrlKey, metaKey, shiftKey, altKey } = event;
  if (event.defaultPrevented || button !== 0 || ctrlKey || metaKey || shiftKey || altKey) return;
  const link = target instanceof Element ? target.closest('a[href]') : null;
  const path = link?.getAttribute('href') ?? '';
  if (!link || !isRoomPath(path) || link.hasAttribute('target') || link.hasAttribute('download')) return;
  event.preventDefault();
  void visit(path, link);
};

/** A notification of the device was pressed: its worker hands the room over to this page, and waits for a word of it. */
const visitByWorker = ({ data, ports }: MessageEvent): void => {
  const path: unknown = Object(data).visit;
  if (typeof path !== 'string' || !isRoomPath(path)) return;
  ports[0]?.postMessage('taken');
  void visit(path);
};

/** What led to a room is read by now, and isn't part of the room's address: a link that is copied from there goes without it. */
export const tidyAddress = (): void => {
  const { pathname, search, hash } = location;
  if (search.startsWith('?notification=')) history.replaceState(history.state, '', pathname + hash);
};

export const watchVisits = (): void => {
  document.addEventListener('click', visitRooms);
  navigator.serviceWorker?.addEventListener('message', visitByWorker);
  document.addEventListener('htmx:error', ({ detail }) => {
    if (detail.ctx) sayItFailed();
  });
};
