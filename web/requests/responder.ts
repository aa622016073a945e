/** Answers requests with pages: reads who visits, sends people without a session to the sign-in page, renders the frame. */
import { sendHeartbeat } from '@parley/client/api/presence';
import { requestUrl } from '@parley/kit/network/request-url';
import type { Sessions } from '../accounts/session.ts';
import type { Assets } from '../assets/build.ts';
import { page } from '../views/document.ts';
import type { Html } from '../views/html.ts';
import { siteTitle } from '../views/title.ts';
import { goTo, pageAnswer } from './responses.ts';
import { type UserVisit, userVisitOf, type Visit, type Visits } from './visit.ts';

export interface ResponderDeps {
  readonly sessions: Sessions;
  readonly visits: Visits;
  /** The scripts and styles. Resolves when they are built, or read from disk. */
  readonly assets: Promise<Assets>;
  readonly isSecure: boolean;
  /** Whether the services serve their API documentation, which the status page then links. */
  readonly hasDocs: boolean;
}

export interface Responder extends Omit<ResponderDeps, 'visits' | 'assets'> {
  visit(request: Request): Promise<Visit>;
  /** Runs the handler for a signed-in user. Anyone else is redirected to the sign-in page, and from there back. */
  withUser(request: Request, handle: (visit: UserVisit) => Promise<Response> | Response): Promise<Response>;
  show(visit: Visit, title: string, content: Html, status?: number): Promise<Response>;
}

/** Where signing in leads back to: the page that was requested, never the target of a form. */
const returnPath = (request: Request): string => {
  const { pathname, search } = requestUrl(request.url);
  return request.method === 'GET' ? pathname + search : '/';
};

/** Counts the user as online, also without scripts. The response doesn't wait for presence, and doesn't fail with it. */
const reportOnline = ({ services, session, device }: UserVisit): void =>
  void services.ask(sendHeartbeat, { user_id: session.id, username: session.name, device });

export const createResponder = ({ visits, assets, sessions, isSecure, hasDocs }: ResponderDeps): Responder => ({
  sessions,
  isSecure,
  hasDocs,
  visit: visits.read,
  withUser: async (request, handle) => {
    const anyVisit = await visits.read(request);
    const visit = userVisitOf(anyVisit);
    if (!visit) return goTo(`/?${new URLSearchParams({ next: returnPath(request) })}`, anyVisit);
    if (request.method === 'GET') reportOnline(visit);
    return handle(visit);
  },
  show: async (visit, title, content, status = 200) => {
    const { script, style } = await assets;
    const { theme, device, zone } = visit;
    const { isOpen } = sessions;
    const frame = { title: siteTitle(title), theme, device, timeZone: zone.timeZone, script, style, isOpen };
    return pageAnswer(page(frame, content), visit, status);
  },
});
