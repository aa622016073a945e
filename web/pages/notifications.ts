/** The notifications: a page, and the forms on it. The panel in a room shows the same list. */
import {
  deleteNotification,
  listNotifications,
  markAllNotificationsRead,
  markNotificationRead,
} from '@parley/client/api/notification';
import { t } from 'elysia';
import { formTokenField, requireOwnForm } from '../requests/form-token.ts';
import { hidden, pages, type Site } from '../requests/responder.ts';
import { goTo } from '../requests/responses.ts';
import type { Guest } from '../requests/visit.ts';
import type { Answer } from '../services/call.ts';
import { fault, missing, sheet } from '../views/form.ts';
import { html } from '../views/html.ts';
import { notifications } from '../views/notification.ts';

const HERE = '/notifications';
const MOST_SHOWN = 50;

const show = async (site: Site, guest: Guest, wrong?: string) => {
  const { services, session, reader, formToken } = guest;
  const list = await services.ask(listNotifications, { user_id: session.id, limit: MOST_SHOWN });
  const content = list.ok
    ? notifications(list.value, reader, formToken)
    : html`<section id="notifications">${missing('Your notifications', list.detail)}</section>`;
  return site.show(
    guest,
    'Notifications',
    sheet('Notifications', html`${fault(wrong)}${content}<p class="row"><a href="/">Back to the conversation</a></p>`),
    wrong === undefined ? 200 : 502,
  );
};

export const notificationPages = (site: Site) => {
  const act = (request: Request, token: string | undefined, work: (guest: Guest) => Promise<Answer<unknown>>) =>
    site.withGuest(request, async (guest) => {
      requireOwnForm(request.headers, token);
      const done = await work(guest);
      // What is gone already is as one wanted it.
      return done.ok || done.status === 404 ? goTo(HERE, guest) : show(site, guest, done.detail);
    });
  const options = { ...hidden, body: t.Object(formTokenField) };
  const inOne = { ...options, params: t.Object({ id: t.String({ minLength: 1, maxLength: 64 }) }) };

  return pages('notifications')
    .get(HERE, ({ request }) => site.withGuest(request, (guest) => show(site, guest)), hidden)
    .post(
      `${HERE}/read-all`,
      ({ request, body }) =>
        act(request, body.form_token, ({ services, session }) =>
          services.ask(markAllNotificationsRead, { id: session.id }),
        ),
      options,
    )
    .post(
      `${HERE}/:id/read`,
      ({ request, body, params }) =>
        act(request, body.form_token, ({ services }) => services.ask(markNotificationRead, params)),
      inOne,
    )
    .post(
      `${HERE}/:id/delete`,
      ({ request, body, params }) =>
        act(request, body.form_token, ({ services }) => services.ask(deleteNotification, params)),
      inOne,
    );
};
