/** Sending, editing and deleting by forms, for browsers without JavaScript; the socket does it for the others. */
import {
  deleteMessage,
  editMessage,
  getMessage,
  type Message,
  markRoomRead,
  sendMessage,
} from '@parley/client/api/chat';
import { type FileView, uploadFile } from '@parley/client/api/file';
import { Failure } from '@parley/kit/errors/errors';
import { addressOf } from '@parley/kit/network/address';
import { RoomId } from '@parley/kit/text/text';
import { t } from 'elysia';
import { createFileForms } from '../requests/file-forms.ts';
import { formTokenField, requireOwnForm } from '../requests/form-token.ts';
import { hidden, pages, type Site } from '../requests/responder.ts';
import { goTo } from '../requests/responses.ts';
import type { Guest } from '../requests/visit.ts';
import { withFacts } from '../views/file.ts';
import { fault, formTokenInput, sheet } from '../views/form.ts';
import { type Html, html } from '../views/html.ts';
import { editPath, messagePath, newestPath } from '../views/paths.ts';
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

/** Sends each file, then the text. @returns what went wrong, in words; undefined when all is sent */
const sendAll = async ({ services, session }: Guest, room: string, content: string, files: readonly File[]) => {
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

/** What stood above the field when the page was made is read by answering. Where chat can't note it, it stays unread. */
const readByAnswer = async ({ services, session }: Guest, room: string, shown: string): Promise<void> => {
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
    }<form method="post" action="/rooms/${message.room_id}/messages/${message.id}/delete" id="delete" class="stack">${formTokenInput(formToken)}
<h2>Delete it</h2><p>Its text is gone for good; its place stays.</p><p class="row"><button class="button danger">Delete the message</button> <a href="${messagePath(message)}">Cancel</a></p></form>`,
  );

const InMessage = t.Object({ room: RoomId, id: t.String({ minLength: 1, maxLength: 64 }) });

const textOf = (value: FormDataEntryValue | null): string => (typeof value === 'string' ? value : '');

/** @param maxFormBytes of the form that may carry files */
export const messagePages = (site: Site, maxFormBytes: number) => {
  const fileForms = createFileForms(maxFormBytes);

  const ownMessage = async ({ services, session }: Guest, room: string, id: string): Promise<Message> => {
    const found = await services.ask(getMessage, { room_id: room, message_id: id });
    if (!found.ok) throw new Failure(found.status === 404 ? 'unknown_message' : 'service_away', found.detail);
    if (found.value.user_id !== session.id || found.value.deleted_at !== null) throw new Failure('unknown_message');
    return found.value;
  };

  const sendForm = async (request: Request, guest: Guest, room: string, form: FormData): Promise<Response> => {
    requireOwnForm(request.headers, textOf(form.get('form_token')));
    const content = textOf(form.get('content'));
    // A form for which no file was chosen has one without a name: '' by the standard, undefined by Bun.
    const files = form.getAll('files').filter((entry) => entry instanceof File && Boolean(entry.name)) as File[];
    const wrong = await sendAll(guest, room, content, files.slice(0, MAX_FILES));
    if (wrong !== undefined) {
      const unsent = { content, fault: `Not sent. ${wrong}` };
      return showRoom(site, guest, room, { window: { isNewest: true }, unsent });
    }
    await readByAnswer(guest, room, textOf(form.get('read_position')));
    return goTo(newestPath(room), guest);
  };

  return pages('messages')
    .post(
      '/rooms/:room/messages',
      ({ request, server, params: { room } }) =>
        site.withGuest(request, (guest) => {
          const sender = { address: addressOf(request, server), userId: guest.session.id };
          return fileForms.take(request, sender, (form) => sendForm(request, guest, room, form));
        }),
      { ...hidden, parse: 'none', params: t.Object({ room: RoomId }) },
    )
    .get(
      '/rooms/:room/messages/:id/edit',
      ({ request, params: { room, id } }) =>
        site.withGuest(request, async (guest) =>
          site.show(guest, 'Edit', editForm(await ownMessage(guest, room, id), guest.formToken)),
        ),
      { ...hidden, params: InMessage },
    )
    .post(
      '/rooms/:room/messages/:id/edit',
      ({ request, params: { room, id }, body: { form_token, content } }) =>
        site.withGuest(request, async (guest) => {
          requireOwnForm(request.headers, form_token);
          const message = await ownMessage(guest, room, id);
          const edited = await guest.services.ask(editMessage, {
            room_id: room,
            message_id: id,
            user_id: guest.session.id,
            content,
          });
          if (edited.ok) return goTo(messagePath(message), guest);
          return site.show(guest, 'Edit', editForm({ ...message, content }, guest.formToken, edited.detail), 422);
        }),
      { ...hidden, params: InMessage, body: t.Object({ ...formTokenField, content: t.String() }) },
    )
    .post(
      '/rooms/:room/messages/:id/delete',
      ({ request, params: { room, id }, body: { form_token } }) =>
        site.withGuest(request, async (guest) => {
          requireOwnForm(request.headers, form_token);
          const message = await ownMessage(guest, room, id);
          const removed = await guest.services.ask(deleteMessage, {
            room_id: room,
            message_id: id,
            user_id: guest.session.id,
          });
          if (removed.ok) return goTo(messagePath(message), guest);
          return site.show(guest, 'Delete', editForm(message, guest.formToken, removed.detail), 422);
        }),
      { ...hidden, params: InMessage, body: t.Object(formTokenField) },
    );
};
