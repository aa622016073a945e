/** Sending, editing and deleting messages by forms, for browsers without JavaScript. With it, the socket is used. */
import { errors } from '@parley/chat/errors';
import {
  deleteMessage,
  editMessage,
  getMessage,
  type Message,
  markRoomRead,
  sendMessage,
} from '@parley/client/api/chat';
import { type FileView, uploadFile } from '@parley/client/api/file';
import { Failure } from '@parley/kit/errors/failure';
import { addressOf } from '@parley/kit/network/address';
import { RoomId } from '@parley/kit/text/text';
import { t } from 'elysia';
import { createFileForms } from '../requests/file-forms.ts';
import { formTokenField, requireOwnForm } from '../requests/form-token.ts';
import { hidden, pageRoutes } from '../requests/page-routes.ts';
import type { Responder } from '../requests/responder.ts';
import { goTo } from '../requests/responses.ts';
import type { UserVisit } from '../requests/visit.ts';
import { withFacts } from '../views/file.ts';
import { fault, formTokenInput, sheet } from '../views/form.ts';
import { type Html, html } from '../views/html.ts';
import { deletePath, editPath, messagePath, newestPath } from '../views/paths.ts';
import { refusalInWords } from '../views/refusal.ts';
import { showRoom } from './room.ts';

const MAX_FILES = 10;
const UPLOAD_TIMEOUT_MS = 60_000;

const fileMessage = ({ original_name, download_url, content_type, size_bytes, width, height }: FileView) => ({
  message_type: 'file' as const,
  content: original_name,
  file_url: withFacts(download_url, {
    type: content_type,
    sizeBytes: size_bytes,
    ...(width && height ? { width, height } : {}),
  }),
});

/** Sends each file, then the text. @returns the first failure, in words for a person; undefined when everything was sent */
const sendAll = async ({ services, session }: UserVisit, room: string, content: string, files: readonly File[]) => {
  const author = { room_id: room, user_id: session.id, username: session.name };
  for (const file of files) {
    const uploaded = await services.ask(
      uploadFile,
      { file, uploaded_by: session.id, room_id: room },
      { timeoutMs: UPLOAD_TIMEOUT_MS },
    );
    if (!uploaded.ok) return `${file.name}: ${refusalInWords(uploaded.detail)}`;
    const sent = await services.ask(sendMessage, { ...author, ...fileMessage(uploaded.value) });
    if (!sent.ok) return sent.detail;
  }
  if (content.trim() === '') return undefined;
  const sent = await services.ask(sendMessage, { ...author, content });
  return sent.ok ? undefined : sent.detail;
};

/** Marks the messages that the page showed as read when the reader sends one. If the request fails, they stay unread; the message is sent. */
const readByAnswer = async ({ services, session }: UserVisit, room: string, shown: string): Promise<void> => {
  if (/^\d{1,15}$/.test(shown))
    await services.ask(markRoomRead, { room_id: room, user_id: session.id, position: Number(shown) });
};

const editForm = (message: Message, formToken: string, fault_?: string): Html =>
  sheet(
    message.message_type === 'text' ? 'Edit your message' : 'Delete your message',
    html`${fault(fault_)}${
      message.message_type === 'text' &&
      html`<form method="post" action="${editPath(message)}" class="stack">${formTokenInput(formToken)}
<label for="content">Message</label><textarea id="content" name="content" rows="6" dir="auto" required>${message.content}</textarea>
<p class="row"><button class="button">Save</button> <a href="${messagePath(message)}">Cancel</a></p></form>`
    }<form method="post" action="${deletePath(message)}" id="delete" class="stack">${formTokenInput(formToken)}
<h2>Delete it</h2><p>Its text is gone for good; its place stays.</p><p class="row"><button class="button danger">Delete the message</button> <a href="${messagePath(message)}">Cancel</a></p></form>`,
  );

const InMessage = t.Object({ room: RoomId, id: t.String({ minLength: 1, maxLength: 64 }) });

const textOf = (value: FormDataEntryValue | null): string => (typeof value === 'string' ? value : '');

export interface MessagePagesDeps {
  readonly responder: Responder;
  /** The largest form that carries files. */
  readonly maxFormBytes: number;
}

export const messagePages = ({ responder, maxFormBytes }: MessagePagesDeps) => {
  const fileForms = createFileForms(maxFormBytes);

  const ownMessage = async ({ services, session }: UserVisit, room: string, id: string): Promise<Message> => {
    const found = await services.ask(getMessage, { room_id: room, message_id: id });
    if (!found.ok) throw new Failure(found.status === 404 ? errors.unknown_message : errors.service_away, found.detail);
    if (found.value.user_id !== session.id || found.value.deleted_at !== null)
      throw new Failure(errors.unknown_message);
    return found.value;
  };

  const sendForm = async (request: Request, visit: UserVisit, room: string, form: FormData): Promise<Response> => {
    requireOwnForm(request.headers, textOf(form.get('form_token')));
    const content = textOf(form.get('content'));
    // An empty file field still sends one file, without a name: '' by the standard, undefined by Bun.
    const files = form.getAll('files').filter((entry): entry is File => entry instanceof File && Boolean(entry.name));
    const wrong = await sendAll(visit, room, content, files.slice(0, MAX_FILES));
    if (wrong !== undefined) {
      const unsent = { content, fault: `Not sent. ${wrong}` };
      return showRoom(responder, visit, room, { window: { isNewest: true }, unsent });
    }
    await readByAnswer(visit, room, textOf(form.get('read_position')));
    return goTo(newestPath(room), visit);
  };

  return pageRoutes('messages')
    .post(
      '/rooms/:room/messages',
      ({ request, server, params: { room } }) =>
        responder.withUser(request, (visit) => {
          const sender = { address: addressOf(request, server), userId: visit.session.id };
          return fileForms.take(request, sender, (form) => sendForm(request, visit, room, form));
        }),
      { ...hidden, parse: 'none', params: t.Object({ room: RoomId }) },
    )
    .get(
      '/rooms/:room/messages/:id/edit',
      ({ request, params: { room, id } }) =>
        responder.withUser(request, async (visit) =>
          responder.show(visit, 'Edit', editForm(await ownMessage(visit, room, id), visit.formToken)),
        ),
      { ...hidden, params: InMessage },
    )
    .post(
      '/rooms/:room/messages/:id/edit',
      ({ request, params: { room, id }, body: { form_token, content } }) =>
        responder.withUser(request, async (visit) => {
          requireOwnForm(request.headers, form_token);
          const message = await ownMessage(visit, room, id);
          const edited = await visit.services.ask(editMessage, {
            room_id: room,
            message_id: id,
            user_id: visit.session.id,
            content,
          });
          if (edited.ok) return goTo(messagePath(message), visit);
          return responder.show(visit, 'Edit', editForm({ ...message, content }, visit.formToken, edited.detail), 422);
        }),
      { ...hidden, params: InMessage, body: t.Object({ ...formTokenField, content: t.String() }) },
    )
    .post(
      '/rooms/:room/messages/:id/delete',
      ({ request, params: { room, id }, body: { form_token } }) =>
        responder.withUser(request, async (visit) => {
          requireOwnForm(request.headers, form_token);
          const message = await ownMessage(visit, room, id);
          const removed = await visit.services.ask(deleteMessage, {
            room_id: room,
            message_id: id,
            user_id: visit.session.id,
          });
          if (removed.ok) return goTo(messagePath(message), visit);
          return responder.show(visit, 'Delete', editForm(message, visit.formToken, removed.detail), 422);
        }),
      { ...hidden, params: InMessage, body: t.Object(formTokenField) },
    );
};
