/** `/theme`: stores the colours that this browser shows, and goes back to the page that asked. */
import { t } from 'elysia';
import { formTokenField, requireOwnForm } from '../requests/form-token.ts';
import { hidden, pageRoutes } from '../requests/page-routes.ts';
import type { Responder } from '../requests/responder.ts';
import { goTo, ownPath } from '../requests/responses.ts';
import { rememberCookie, THEME_COOKIE } from '../requests/visit.ts';

const Theme = t.Union([t.Literal('auto'), t.Literal('light'), t.Literal('dark')]);

export const themeRoutes = ({ isSecure }: Responder) =>
  pageRoutes('theme').post(
    '/theme',
    ({ request, body: { form_token, theme } }) => {
      requireOwnForm(request.headers, form_token);
      const from = request.headers.get('referer');
      const back = from && URL.canParse(from) ? new URL(from).pathname : '/';
      return goTo(ownPath(back, '/'), { cookies: [rememberCookie(THEME_COOKIE, theme, { isSecure })] });
    },
    { ...hidden, body: t.Object({ ...formTokenField, theme: Theme }) },
  );
