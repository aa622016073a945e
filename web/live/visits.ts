/**
 * Going from page to page. What doesn't come, or isn't a page of ours (a gateway's word that nobody answers), leaves the page as it is:
 * htmx would put nothing in its place. What comes and is something else, as the services' documentation, is the browser's to show.
 */
import { toast } from './announce.ts';

/** Of a request: with its answer, if there was one. */
type RequestEvent = CustomEvent<{
  ctx?: {
    readonly request: { readonly action: string; readonly method: string };
    readonly response?: { readonly status: number };
    readonly text?: string;
  };
}>;

/** What every page has. */
const PAGE = 'id="page"';

const sayItFailed = (): void => toast('There is no answer at the moment. Try again soon');

export const watchVisits = (): void => {
  document.addEventListener('htmx:after:request', (event) => {
    const { ctx } = (event as RequestEvent).detail;
    if (!ctx || ctx.text?.includes(PAGE)) return;
    event.preventDefault();
    if (ctx.request.method === 'GET' && ctx.response?.status === 200) location.assign(ctx.request.action);
    else sayItFailed();
  });
  document.addEventListener('htmx:error', (event) => {
    if ((event as RequestEvent).detail.ctx) sayItFailed();
  });
};
