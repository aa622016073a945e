/** Coming in, going out, keeping one's name, and the colours one likes. */

import { leavePage } from '@parley/client/api/presence';
import { Failure } from '@parley/kit/errors/errors';
import { findCookie } from '@parley/kit/identity/cookies';
import { addressOf } from '@parley/kit/network/address';
import { t } from 'elysia';
import type { Doors } from '../accounts/sign-in.ts';
import { formTokenField, requireOwnForm } from '../requests/form-token.ts';
import { isProof, issueProof, isVisit, PROOF_LIFETIME_MS } from '../requests/password-proof.ts';
import { hidden, pages, type Site } from '../requests/responder.ts';
import { goTo, ownPath } from '../requests/responses.ts';
import { type Guest, guestOf, ROOM_COOKIE, rememberCookie, THEME_COOKIE } from '../requests/visit.ts';
import { account, signIn } from '../views/sign-in.ts';

const HOME = '/rooms/general';
const ROOM_ID = /^[A-Za-z0-9._-]{1,50}$/;

/** The room where someone was last. */
const lastRoom = (request: Request): string => {
  const room = findCookie(request.headers, ROOM_COOKIE)?.value ?? '';
  return ROOM_ID.test(room) ? `/rooms/${room}` : HOME;
};

const BY_ITSELF = 'Your account can only be opened by itself, as a page: follow a link to it, or reload it';
const STALE = `This page has been open for more than ${PROOF_LIFETIME_MS / 60_000} minutes, or you signed in again meanwhile. Enter the password again.`;

const Text = t.String({ maxLength: 1_000 });

export const doorPages = (site: Site, doors: Doors) => {
  const { sessions } = site;

  const showAccount = (guest: Guest, fault?: string) => {
    const proof = issueProof(guest);
    const facts = { formToken: guest.formToken, proof, fault, ...guest.session };
    return site.show(guest, 'Your account', account(facts), fault === undefined ? 200 : 422);
  };

  return pages('door')
    .get(
      '/',
      async ({ request, query: { next } }) => {
        const visit = await site.visit(request);
        if (guestOf(visit)) return goTo(ownPath(next, lastRoom(request)), visit);
        return site.show(visit, 'Welcome', signIn({ formToken: visit.formToken, next: ownPath(next, HOME) }));
      },
      { ...hidden, query: t.Object({ next: t.Optional(Text) }) },
    )
    .post(
      '/sign-in',
      async ({ request, server, body: { form_token, name, password = '', next } }) => {
        requireOwnForm(request.headers, form_token);
        const visit = await site.visit(request);
        const entry = await doors.enter(name, password, addressOf(request, server));
        const to = ownPath(next, HOME);
        if ('person' in entry) {
          visit.cookies.push(...(await sessions.begin(entry.person)));
          return goTo(to, visit);
        }
        const { refusal } = entry;
        return site.show(visit, 'Welcome', signIn({ formToken: visit.formToken, next: to, name, refusal }), 422);
      },
      {
        ...hidden,
        body: t.Object({ ...formTokenField, name: Text, password: t.Optional(Text), next: t.Optional(Text) }),
      },
    )
    .post(
      '/sign-out',
      async ({ request, body: { form_token, device } }) => {
        requireOwnForm(request.headers, form_token);
        const { session, services } = await site.visit(request);
        // The page's own goodbye comes too late to be believed, and there is none without scripts.
        if (session) void services.ask(leavePage, { user_id: session.id, device });
        // Whoever comes next at this browser isn't led to the room of the one who left.
        const noRoom = rememberCookie(ROOM_COOKIE, '', { isSecure: site.isSecure, maxAge: 0 });
        return goTo('/', { cookies: [...sessions.end(), noRoom] });
      },
      { ...hidden, body: t.Object({ ...formTokenField, device: t.Optional(Text) }) },
    )
    .get(
      '/account',
      // Not a page for scripts: one that is put into another page goes to the browser instead.
      ({ request }) =>
        isVisit(request.headers) ? site.withGuest(request, (guest) => showAccount(guest)) : new Response(BY_ITSELF),
      hidden,
    )
    .post(
      '/account',
      ({ request, server, body: { form_token, proof, password } }) =>
        site.withGuest(request, async (guest) => {
          requireOwnForm(request.headers, form_token);
          if (!isVisit(request.headers)) throw new Failure('forbidden', BY_ITSELF);
          if (!isProof(proof, guest)) return showAccount(guest, STALE);
          const entry = await doors.protect(guest.session, password, addressOf(request, server));
          if ('person' in entry) {
            guest.cookies.push(...(await sessions.begin(entry.person)));
            return goTo('/account', guest);
          }
          return showAccount(guest, entry.refusal.fault);
        }),
      { ...hidden, body: t.Object({ ...formTokenField, proof: t.Optional(Text), password: Text }) },
    )
    .post(
      '/theme',
      ({ request, body: { form_token, theme } }) => {
        requireOwnForm(request.headers, form_token);
        const cookie = rememberCookie(THEME_COOKIE, theme, { isSecure: site.isSecure });
        const from = request.headers.get('referer');
        const back = from && URL.canParse(from) ? new URL(from).pathname : '/';
        return goTo(ownPath(back, '/'), { cookies: [cookie] });
      },
      {
        ...hidden,
        body: t.Object({
          ...formTokenField,
          theme: t.Union([t.Literal('auto'), t.Literal('light'), t.Literal('dark')]),
        }),
      },
    );
};
