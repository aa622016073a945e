/** Marking a room as read by a form: all that the page knew of when it was made. What was on the screen the scripts tell by themselves. */
import { markRoomRead } from '@parley/client/api/chat';
import { Failure } from '@parley/kit/errors/errors';
import { RoomId } from '@parley/kit/text/text';
import { t } from 'elysia';
import { formTokenField, requireOwnForm } from '../requests/form-token.ts';
import { hidden, pages, type Site } from '../requests/responder.ts';
import { goTo } from '../requests/responses.ts';
import { roomPath } from '../views/paths.ts';
import { Position } from './room.ts';

export const readPages = (site: Site) =>
  pages('read').post(
    '/rooms/:room/read',
    ({ request, params: { room }, body: { form_token, position } }) =>
      site.withGuest(request, async (guest) => {
        requireOwnForm(request.headers, form_token);
        const marked = await guest.services.ask(markRoomRead, { room_id: room, user_id: guest.session.id, position });
        if (marked.ok) return goTo(roomPath({ roomId: room }), guest);
        throw new Failure(marked.status === 404 ? 'unknown_room' : 'service_away', marked.detail);
      }),
    { ...hidden, params: t.Object({ room: RoomId }), body: t.Object({ ...formTokenField, position: Position }) },
  );
