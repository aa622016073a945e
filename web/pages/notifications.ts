/** `/notifications`: the list, and the forms on it. The panel in a room loads the same page. */
import {
  deleteNotification,
  listNotifications,
  markAllNotificationsRead,
  markNotificationRead,
} from '@parley/client/api/notification';
import { t } from 'elysia';
import { formTokenField, requireOwnForm } from '../requests/form-token.ts';
import { hidden, pageRoutes } from '../requests/page-routes.ts';
import type { Responder } from '../requests/responder.ts';
import { goTo } from '../requests/responses.ts';
import type { UserVisit } from '../requests/visit.ts';
import type { Answer } from '../services/call.ts';
import { fault, missing, sheet } from '../views/form.ts';
import { html } from '../views/html.ts';
import { notifications } from '../views/notification.ts';
import { NOTIFICATIONS_PATH } from '../views/paths.ts';

const MOST_SHOWN = 50;

const show = async (responder: Responder, visit: UserVisit, wrong?: string) => {
  const { services, session, reader, formToken } = visit;
  const list = await services.ask(listNotifications, { user_id: session.id, limit: MOST_SHOWN });
  const content = list.ok
    ? notifications(list.value, reader, formToken)
    : html`<section id="notifications">${missing('Your notifications', list.detail)}</section>`;
  return responder.show(
    visit,
    'Notifications',
    sheet('Notifications', html`${fault(wrong)}${content}<p class="row"><a href="/">Back to the conversation</a></p>`),
    wrong === undefined ? 200 : 502,
  );
};

export const notificationPages = (responder: Responder) => {
  const act = (request: Request, token: string | undefined, work: (visit: UserVisit) => Promise<Answer<unknown>>) =>
    responder.withUser(request, async (visit) => {
      requireOwnForm(request.headers, token);
      const done = await work(visit);
      // A notification that was deleted meanwhile needs nothing more.
      return done.ok || done.status === 404 ? goTo(NOTIFICATIONS_PATH, visit) : show(responder, visit, done.detail);
    });
  const options = { ...hidden, body: t.Object(formTokenField) };
  const inOne = { ...options, params: t.Object({ id: t.String({ minLength: 1, maxLength: 64 }) }) };

  return pageRoutes('notifications')
    .get(NOTIFICATIONS_PATH, ({ request }) => responder.withUser(request, (visit) => show(responder, visit)), hidden)
    .post(
      `${NOTIFICATIONS_PATH}/read-all`,
      ({ request, body }) =>
        act(request, body.form_token, ({ services, session }) =>
          services.ask(markAllNotificationsRead, { id: session.id }),
        ),
      options,
    )
    .post(
      `${NOTIFICATIONS_PATH}/:id/read`,
      ({ request, body, params }) =>
        act(request, body.form_token, ({ services }) => services.ask(markNotificationRead, params)),
      inOne,
    )
    .post(
      `${NOTIFICATIONS_PATH}/:id/delete`,
      ({ request, body, params }) =>
        act(request, body.form_token, ({ services }) => services.ask(deleteNotification, params)),
      inOne,
    );
};
