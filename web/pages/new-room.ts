/** `/new-room`: the form that creates a room. */
import { createRoom } from '@parley/client/api/chat';
import { t } from 'elysia';
import { formTokenField, requireOwnForm } from '../requests/form-token.ts';
import { hidden, pageRoutes } from '../requests/page-routes.ts';
import type { Responder } from '../requests/responder.ts';
import { goTo } from '../requests/responses.ts';
import { fault, formTokenInput, sheet } from '../views/form.ts';
import { html } from '../views/html.ts';
import { roomIdOf, tidyRoomName } from './room-name.ts';

const TAKEN = 409;

interface Draft {
  readonly name: string;
  readonly description: string;
}

const form = (formToken: string, { name, description }: Draft, wrong?: string) =>
  sheet(
    'Create a room',
    html`<form method="post" action="/new-room" class="stack">${formTokenInput(formToken)}
${fault(wrong)}
<label for="name">Name</label>
<input id="name" name="name" value="${name}" required maxlength="80" dir="auto" autocomplete="off" spellcheck="false" aria-describedby="name-help" autofocus>
<p id="name-help" class="help">In any script. The room’s address is made of its letters and digits.</p>
<label for="description">What is it about? <small>(optional)</small></label>
<input id="description" name="description" value="${description}" maxlength="200" dir="auto" autocomplete="off">
<p class="row"><button class="button">Create the room</button> <a href="/">Cancel</a></p>
</form>`,
  );

const Text = t.String({ maxLength: 1_000, default: '' });

export const newRoomPages = (responder: Responder) =>
  pageRoutes('new-room')
    .get(
      '/new-room',
      ({ request, query: { name } }) =>
        responder.withUser(request, (visit) =>
          responder.show(visit, 'Create a room', form(visit.formToken, { name, description: '' })),
        ),
      { ...hidden, query: t.Object({ name: Text }) },
    )
    .post(
      '/new-room',
      ({ request, body: { form_token, name: given, description } }) =>
        responder.withUser(request, async (visit) => {
          requireOwnForm(request.headers, form_token);
          const name = tidyRoomName(given);
          const again = (wrong: string) =>
            responder.show(visit, 'Create a room', form(visit.formToken, { name: given, description }, wrong), 422);
          if (name === '') return again('A room needs a name.');
          const about = description.trim();
          const room = { id: roomIdOf(name), name: `# ${name}`, ...(about === '' ? {} : { description: about }) };
          const created = await visit.services.ask(createRoom, room);
          if (created.ok) return goTo(`/rooms/${room.id}`, visit);
          return again(
            created.status === TAKEN ? 'There is a room of this name already. Choose another.' : created.detail,
          );
        }),
      { ...hidden, body: t.Object({ ...formTokenField, name: Text, description: Text }) },
    );
