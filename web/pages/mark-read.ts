/** Marks a room as read by a form, up to the last position that the page knew of. Scripts report what was on the screen by themselves. */
import { errors } from '@parley/chat/errors';
import { markRoomRead } from '@parley/client/api/chat';
import { Failure } from '@parley/kit/errors/failure';
import { RoomId } from '@parley/kit/text/text';
import { t } from 'elysia';
import { formTokenField, requireOwnForm } from '../requests/form-token.ts';
import { hidden, pageRoutes } from '../requests/page-routes.ts';
import type { Responder } from '../requests/responder.ts';
import { goTo } from '../requests/responses.ts';
import { roomPath } from '../views/paths.ts';
import { Position } from './room.ts';

export const markReadPages = (responder: Responder) =>
  pageRoutes('mark-read').post(
    '/rooms/:room/read',
    ({ request, params: { room }, body: { form_token, position } }) =>
      responder.withUser(request, async (visit) => {
        requireOwnForm(request.headers, form_token);
        const marked = await visit.services.ask(markRoomRead, { room_id: room, user_id: visit.session.id, position });
        if (marked.ok) return goTo(roomPath({ roomId: room }), visit);
        throw new Failure(marked.status === 404 ? errors.unknown_room : errors.service_away, marked.detail);
      }),
    { ...hidden, params: t.Object({ room: RoomId }), body: t.Object({ ...formTokenField, position: Position }) },
  );
