/** `/account`: protects one's name with a password. */
import { errors } from '@parley/kit/errors/errors';
import { Failure } from '@parley/kit/errors/failure';
import { addressOf } from '@parley/kit/network/address';
import { t } from 'elysia';
import type { SignIns } from '../accounts/sign-in.ts';
import { formTokenField, requireOwnForm } from '../requests/form-token.ts';
import { hidden, pageRoutes } from '../requests/page-routes.ts';
import { isNavigation, isProof, issueProof, PROOF_LIFETIME_MS } from '../requests/password-proof.ts';
import type { Responder } from '../requests/responder.ts';
import { goTo } from '../requests/responses.ts';
import type { UserVisit } from '../requests/visit.ts';
import { account } from '../views/account.ts';
import { ACCOUNT_PATH } from '../views/paths.ts';

const BY_ITSELF = 'Your account can only be opened by itself, as a page: follow a link to it, or reload it';
const STALE = `This page has been open for more than ${PROOF_LIFETIME_MS / 60_000} minutes, or you signed in again meanwhile. Enter the password again.`;

const Text = t.String({ maxLength: 1_000 });

export interface AccountPagesDeps {
  readonly responder: Responder;
  readonly signIns: SignIns;
}

export const accountPages = ({ responder, signIns }: AccountPagesDeps) => {
  const show = (visit: UserVisit, fault?: string) => {
    const { name, hasAccount } = visit.session;
    const content = account({ formToken: visit.formToken, proof: issueProof(visit), fault, name, hasAccount });
    return responder.show(visit, 'Your account', content, fault === undefined ? 200 : 422);
  };

  return pageRoutes('account')
    .get(
      ACCOUNT_PATH,
      // A script that fetches the page gets a plain text without the page's mark: the page's own scripts then let the browser navigate.
      ({ request }) =>
        isNavigation(request.headers) ? responder.withUser(request, (visit) => show(visit)) : new Response(BY_ITSELF),
      hidden,
    )
    .post(
      ACCOUNT_PATH,
      ({ request, server, body: { form_token, proof, password } }) =>
        responder.withUser(request, async (visit) => {
          requireOwnForm(request.headers, form_token);
          if (!isNavigation(request.headers)) throw new Failure(errors.forbidden, BY_ITSELF);
          if (!isProof(proof, visit)) return show(visit, STALE);
          const result = await signIns.protect(visit.session, password, addressOf(request, server));
          if ('refusal' in result) return show(visit, result.refusal.fault);
          visit.cookies.push(...(await responder.sessions.begin(result.person)));
          return goTo(ACCOUNT_PATH, visit);
        }),
      { ...hidden, body: t.Object({ ...formTokenField, proof: t.Optional(Text), password: Text }) },
    );
};
