/** Passes a browser's Web Push subscription on to the notification service, in the name of the signed-in user. */
import { getPushKey, subscribeToPush, unsubscribeFromPush } from '@parley/client/api/notification';
import { errors } from '@parley/kit/errors/errors';
import { Failure } from '@parley/kit/errors/failure';
import { t } from 'elysia';
import { hidden, pageRoutes } from '../requests/page-routes.ts';
import type { Responder } from '../requests/responder.ts';
import { type UserVisit, userVisitOf } from '../requests/visit.ts';
import type { Answer } from '../services/call.ts';

const Endpoint = t.Object({ endpoint: t.String({ maxLength: 2_000 }) }, { additionalProperties: true });
const Subscription = t.Composite([Endpoint, t.Object({ keys: t.Object({ p256dh: t.String(), auth: t.String() }) })], {
  additionalProperties: true,
});

const toResponse = (answer: Answer<unknown>): Response =>
  answer.ok ? Response.json(answer.value) : Response.json({ detail: answer.detail }, { status: answer.status || 502 });

export const pushRoutes = (responder: Responder) => {
  const requireUser = async (request: Request): Promise<UserVisit> => {
    const found = userVisitOf(await responder.visit(request));
    if (!found) throw new Failure(errors.unauthenticated);
    return found;
  };
  return pageRoutes('push')
    .get(
      '/push/key',
      async ({ request }) => toResponse(await (await requireUser(request)).services.ask(getPushKey, {})),
      hidden,
    )
    .post(
      '/push/subscriptions',
      async ({ request, body: { endpoint, keys } }) => {
        const { services, session } = await requireUser(request);
        return toResponse(await services.ask(subscribeToPush, { user_id: session.id, endpoint, keys }));
      },
      { ...hidden, body: Subscription },
    )
    .delete(
      '/push/subscriptions',
      async ({ request, body: { endpoint } }) => {
        const { services, session } = await requireUser(request);
        return toResponse(await services.ask(unsubscribeFromPush, { user_id: session.id, endpoint }));
      },
      { ...hidden, body: Endpoint },
    );
};
