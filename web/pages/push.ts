/** Web Push by way of this origin: the browser's subscription goes to the notification service as the person who is signed in. */
import { Failure } from '@parley/kit/errors';
import { t } from 'elysia';
import type { Answer } from '../services/call.ts';
import { hidden, pages, type Site } from './site.ts';
import { type Guest, guestOf } from './visit.ts';

const Subscription = t.Object({ endpoint: t.String({ maxLength: 2_000 }) }, { additionalProperties: true });

const pass = (answer: Answer<unknown>): Response =>
  answer.ok ? Response.json(answer.value) : Response.json({ detail: answer.detail }, { status: answer.status || 502 });

export const pushRoutes = (site: Site) => {
  const guest = async (request: Request): Promise<Guest> => {
    const found = guestOf(await site.visit(request));
    if (!found) throw new Failure('unauthenticated');
    return found;
  };
  const subscribe = async (request: Request, method: 'POST' | 'DELETE', body: typeof Subscription.static) => {
    const { services, session } = await guest(request);
    return pass(await services.notification.pushSubscription(method, { ...body, user_id: session.id }));
  };
  const options = { ...hidden, body: Subscription };
  return pages('push')
    .get('/push/key', async ({ request }) => pass(await (await guest(request)).services.notification.pushKey()), hidden)
    .post('/push/subscriptions', ({ request, body }) => subscribe(request, 'POST', body), options)
    .delete('/push/subscriptions', ({ request, body }) => subscribe(request, 'DELETE', body), options);
};
