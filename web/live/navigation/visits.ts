/**
 * Navigation from page to page. Whether htmx requested it for a link, a form, the history or the panel: a response is put into the page
 * only if it is a page of Parley. The browser navigates to other responses itself. On a failure the page stays and shows a notice.
 */
import htmx from 'htmx.org';
import { isRoomPath } from '../../views/paths.ts';
import { toast } from '../page/announce.ts';
import { admitPage, endAdmissions } from '../page/markup.ts';
import { isBoostedOnly, isNavigable, isPage } from './admission.ts';

interface RequestContext {
  readonly request: { readonly action: string; readonly method: string };
  readonly response?: { readonly raw: Response };
  readonly text?: string;
  /** Commands from the `HX-*` headers of the response. */
  hx: Record<string, string>;
}

interface RequestDetail {
  readonly ctx: RequestContext;
}

interface SwapDetail extends RequestDetail {
  readonly tasks: readonly { readonly type: string; readonly fragment: DocumentFragment }[];
}

const showFailure = (): void => {
  // The list of rooms, when it is open as a drawer, would hide the notice.
  document.querySelector<HTMLElement>('.sidebar:popover-open')?.hidePopover();
  toast('There is no answer at the moment. Try again soon');
};

const onAnswer = ({ ctx }: RequestDetail): boolean => {
  // Pages of Parley send no such commands, and nobody else may.
  ctx.hx = {};
  const answer = ctx.response?.raw;
  if (answer && isPage(answer, location.origin)) return true;
  void answer?.body?.cancel();
  if (ctx.request.method === 'GET' && answer && isNavigable(answer.status)) location.assign(ctx.request.action);
  else showFailure();
  return false;
};

/** A page without the requested element is shown as a whole: the sign-in page, when the panel was requested. */
const onSwap = ({ ctx, tasks }: SwapDetail): boolean => {
  const [main, ...others] = tasks;
  if (main?.type === 'main' && main.fragment.childElementCount > 0 && others.length === 0) return true;
  const answer = ctx.response?.raw;
  if (answer && (ctx.request.method === 'GET' || answer.redirected)) location.assign(answer.url);
  else showFailure();
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

/** Shows a room without leaving the page, so that uploads continue. @param path one that `isRoomPath` accepts */
const visit = (path: string, source: Element = document.body): Promise<void> =>
  htmx.ajax('GET', path, { source, target: '#page', select: '#page', swap: 'outerHTML show:top', push: 'true' });

/** Follows links to rooms in messages, where htmx is disabled because users wrote the text. */
const visitRooms = (event: MouseEvent): void => {
  const { target, button, ctrlKey, metaKey, shiftKey, altKey } = event;
  if (event.defaultPrevented || button !== 0 || ctrlKey || metaKey || shiftKey || altKey) return;
  const link = target instanceof Element ? target.closest('a[href]') : null;
  const path = link?.getAttribute('href') ?? '';
  if (!link || !isRoomPath(path) || link.hasAttribute('target') || link.hasAttribute('download')) return;
  event.preventDefault();
  void visit(path, link);
};

/** Shows the room of a pressed notification. The service worker waits for the answer, or opens a new tab. */
const visitByWorker = ({ data, ports }: MessageEvent): void => {
  const path: unknown = Object(data).visit;
  if (typeof path !== 'string' || !isRoomPath(path)) return;
  ports[0]?.postMessage('taken');
  void visit(path);
};

/** Removes the followed notification from the address, which the reader may copy. The server has read it. */
export const tidyAddress = (): void => {
  const { pathname, search, hash } = location;
  if (search.startsWith('?notification=')) history.replaceState(history.state, '', pathname + hash);
};

export const watchVisits = (): void => {
  document.addEventListener('click', visitRooms);
  navigator.serviceWorker?.addEventListener('message', visitByWorker);
  document.addEventListener('htmx:error', ({ detail }) => {
    if (detail.ctx) showFailure();
  });
};
