/** Creating a room. */
import { RoomId } from '@parley/kit/text';
import { t } from 'elysia';
import { fault, formTokenInput, sheet } from '../views/form.ts';
import { html } from '../views/html.ts';
import { goTo } from './answer.ts';
import { formTokenField, requireOwnForm } from './forms.ts';
import { hidden, pages, type Site } from './site.ts';

interface Draft {
  readonly id: string;
  readonly description: string;
}

const form = (formToken: string, { id, description }: Draft, wrong?: string) =>
  sheet(
    'Create a room',
    html`<form method="post" action="/new-room" class="stack">${formTokenInput(formToken)}
${fault(wrong)}
<label for="id">Name</label>
<input id="id" name="id" value="${id}" required maxlength="50" pattern="[A-Za-z0-9._\\- ]{1,50}" autocomplete="off" autocapitalize="none" spellcheck="false" aria-describedby="id-help" autofocus>
<p id="id-help" class="help">Letters, digits, dots, underscores and hyphens; it is the room’s address, too.</p>
<label for="description">What is it about? <small>(optional)</small></label>
<input id="description" name="description" value="${description}" maxlength="200" dir="auto" autocomplete="off">
<p class="row"><button class="button">Create the room</button> <a href="/">Cancel</a></p>
</form>`,
  );

const isRoomId = new RegExp(String(RoomId.pattern));
const Text = t.String({ maxLength: 1_000, default: '' });

export const newRoomPages = (site: Site) =>
  pages('new-room')
    .get(
      '/new-room',
      ({ request, query: { id } }) =>
        site.withGuest(request, (guest) =>
          site.show(guest, 'Create a room', form(guest.formToken, { id, description: '' })),
        ),
      { ...hidden, query: t.Object({ id: Text }) },
    )
    .post(
      '/new-room',
      ({ request, body: { form_token, id: given, description } }) =>
        site.withGuest(request, async (guest) => {
          requireOwnForm(request.headers, form_token);
          const id = given.trim().replace(/^#+/, '').replace(/\s+/g, '-');
          const again = (wrong: string) =>
            site.show(guest, 'Create a room', form(guest.formToken, { id: given, description }, wrong), 422);
          if (!isRoomId.test(id))
            return again('A room’s name has letters, digits, dots, underscores and hyphens only.');
          const about = description.trim();
          const room = { id, name: `# ${id}`, ...(about === '' ? {} : { description: about }) };
          const created = await guest.services.chat.createRoom(room);
          return created.ok ? goTo(`/rooms/${id}`, guest) : again(created.detail);
        }),
      { ...hidden, body: t.Object({ ...formTokenField, id: Text, description: Text }) },
    );
