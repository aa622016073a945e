/** What every page is made with: who visits, the frame, and the way to sign in for those who must. */

import { sendHeartbeat } from '@parley/client/api/presence';
import { requestUrl } from '@parley/kit/network/request-url';
import { Elysia } from 'elysia';
import type { Sessions } from '../accounts/session.ts';
import type { Assets } from '../assets/build.ts';
import { page } from '../views/document.ts';
import type { Html } from '../views/html.ts';
import { siteTitle } from '../views/title.ts';
import { goTo, pageAnswer } from './responses.ts';
import { type Guest, guestOf, type Visit, type Visits } from './visit.ts';

export interface SiteOptions {
  readonly sessions: Sessions;
  readonly visits: Visits;
  /** Resolves once they are built or read. */
  readonly assets: Promise<Assets>;
  readonly isSecure: boolean;
  /** The services' API docs are served. */
  readonly hasDocs: boolean;
}

export interface Site extends SiteOptions {
  visit(request: Request): Promise<Visit>;
  /** Answers with a page for whoever is signed in, and sends everyone else to the door and back. */
  withGuest(request: Request, answer: (guest: Guest) => Promise<Response> | Response): Promise<Response>;
  show(visit: Visit, title: string, content: Html, status?: number): Promise<Response>;
}

/** Where a visitor should come back to: only a page that was asked for, never a form's address. */
const returnPath = (request: Request): string => {
  const { pathname, search } = requestUrl(request.url);
  return request.method === 'GET' ? pathname + search : '/';
};

export const createSite = (options: SiteOptions): Site => {
  const { visits, assets } = options;
  return {
    ...options,
    visit: visits.read,
    withGuest: async (request, answer) => {
      const visit = await visits.read(request);
      const guest = guestOf(visit);
      // Whoever looks at a page is here, scripts or not. No answer waits for presence, and none is lost with it.
      if (guest && request.method === 'GET')
        void guest.services.ask(sendHeartbeat, {
          user_id: guest.session.id,
          username: guest.session.name,
          device: guest.device,
        });
      return guest ? answer(guest) : goTo(`/?${new URLSearchParams({ next: returnPath(request) })}`, visit);
    },
    show: async (visit, title, content, status = 200) => {
      const { script, style } = await assets;
      const { theme, device } = visit;
      const { isOpen } = options.sessions;
      const frame = { title: siteTitle(title), theme, device, timeZone: visit.zone.timeZone, script, style, isOpen };
      return pageAnswer(page(frame, content), visit, status);
    },
  };
};

/** Pages aren't part of an API. */
export const hidden = { detail: { hide: true } } as const;

export const pages = (name: string) => new Elysia({ name: `pages/${name}` });
