/** `/`, `/sign-in` and `/sign-out`: the form for a name, and the session that follows from it. */
import { leavePage } from '@parley/client/api/presence';
import { findCookie } from '@parley/kit/identity/cookies';
import { addressOf } from '@parley/kit/network/address';
import { t } from 'elysia';
import type { SignIns } from '../accounts/sign-in.ts';
import { formTokenField, requireOwnForm } from '../requests/form-token.ts';
import { hidden, pageRoutes } from '../requests/page-routes.ts';
import type { Responder } from '../requests/responder.ts';
import { goTo, ownPath } from '../requests/responses.ts';
import { ROOM_COOKIE, rememberCookie, userVisitOf } from '../requests/visit.ts';
import { roomPath, SIGN_IN_PATH, SIGN_OUT_PATH } from '../views/paths.ts';
import { signIn } from '../views/sign-in.ts';

const HOME = roomPath({ roomId: 'general' });
const ROOM_ID = /^[A-Za-z0-9._-]{1,50}$/;

/** The room that this browser showed last. */
const lastRoom = ({ headers }: Request): string => {
  const roomId = findCookie(headers, ROOM_COOKIE)?.value ?? '';
  return ROOM_ID.test(roomId) ? roomPath({ roomId }) : HOME;
};

const Text = t.String({ maxLength: 1_000 });

export interface SignInPagesDeps {
  readonly responder: Responder;
  readonly signIns: SignIns;
}

export const signInPages = ({ responder, signIns }: SignInPagesDeps) =>
  pageRoutes('sign-in')
    .get(
      '/',
      async ({ request, query: { next } }) => {
        const visit = await responder.visit(request);
        if (userVisitOf(visit)) return goTo(ownPath(next, lastRoom(request)), visit);
        return responder.show(visit, 'Welcome', signIn({ formToken: visit.formToken, next: ownPath(next, HOME) }));
      },
      { ...hidden, query: t.Object({ next: t.Optional(Text) }) },
    )
    .post(
      SIGN_IN_PATH,
      async ({ request, server, body: { form_token, name, password = '', next } }) => {
        requireOwnForm(request.headers, form_token);
        const visit = await responder.visit(request);
        const result = await signIns.signIn(name, password, addressOf(request, server));
        const to = ownPath(next, HOME);
        if ('person' in result) {
          visit.cookies.push(...(await responder.sessions.begin(result.person)));
          return goTo(to, visit);
        }
        const { refusal } = result;
        return responder.show(visit, 'Welcome', signIn({ formToken: visit.formToken, next: to, name, refusal }), 422);
      },
      {
        ...hidden,
        body: t.Object({ ...formTokenField, name: Text, password: t.Optional(Text), next: t.Optional(Text) }),
      },
    )
    .post(
      SIGN_OUT_PATH,
      async ({ request, body: { form_token, device } }) => {
        requireOwnForm(request.headers, form_token);
        const { session, services } = await responder.visit(request);
        // The beacon that the page sends on leaving arrives after the session ended, and without scripts there is none.
        if (session) void services.ask(leavePage, { user_id: session.id, device });
        // The next person at this browser must not be led to the room of the last one.
        const noRoom = rememberCookie(ROOM_COOKIE, '', { isSecure: responder.isSecure, maxAge: 0 });
        return goTo('/', { cookies: [...responder.sessions.end(), noRoom] });
      },
      { ...hidden, body: t.Object({ ...formTokenField, device: t.Optional(Text) }) },
    );
