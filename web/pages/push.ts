/** Web Push by way of this origin: the browser's subscription goes to the notification service as the person who is signed in. */
import { getPushKey, subscribeToPush, unsubscribeFromPush } from '@parley/client/api/notification';
import { Failure } from '@parley/kit/errors/errors';
import { t } from 'elysia';
import { hidden, pages, type Site } from '../requests/responder.ts';
import { type Guest, guestOf } from '../requests/visit.ts';
import type { Answer } from '../services/call.ts';

const Endpoint = t.Object({ endpoint: t.String({ maxLength: 2_000 }) }, { additionalProperties: true });
const Subscription = t.Composite([Endpoint, t.Object({ keys: t.Object({ p256dh: t.String(), auth: t.String() }) })], {
  additionalProperties: true,
});

const pass = (answer: Answer<unknown>): Response =>
  answer.ok ? Response.json(answer.value) : Response.json({ detail: answer.detail }, { status: answer.status || 502 });

export const pushRoutes = (site: Site) => {
  const guest = async (request: Request): Promise<Guest> => {
    const found = guestOf(await site.visit(request));
    if (!found) throw new Failure('unauthenticated');
    return found;
  };
  return pages('push')
    .get('/push/key', async ({ request }) => pass(await (await guest(request)).services.ask(getPushKey, {})), hidden)
    .post(
      '/push/subscriptions',
      async ({ request, body: { endpoint, keys } }) => {
        const { services, session } = await guest(request);
        return pass(await services.ask(subscribeToPush, { user_id: session.id, endpoint, keys }));
      },
      { ...hidden, body: Subscription },
    )
    .delete(
      '/push/subscriptions',
      async ({ request, body: { endpoint } }) => {
        const { services, session } = await guest(request);
        return pass(await services.ask(unsubscribeFromPush, { user_id: session.id, endpoint }));
      },
      { ...hidden, body: Endpoint },
    );
};
