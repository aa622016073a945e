/** The contract of the file service: its operations. */
import { download, endpoint } from '@parley/kit/contract/contract';
import { RoomId, UserId } from '@parley/kit/text/text';
import { t } from 'elysia';
import { errors } from './errors.ts';
import { exampleFile, FileId, FileView } from './files/rules.ts';
import { THUMBNAIL_PIXELS } from './images/decoder.ts';
import { THUMBNAIL_TYPE } from './images/image.ts';

export { readHealth } from '@parley/kit/http/health';
export { FileView };

const oneFile = t.Object({ id: FileId });

export const uploadFile = endpoint({
  method: 'POST',
  path: '/upload',
  summary: 'Upload a file',
  description:
    'Accepts one file. The bytes decide its type; the declared type decides nothing, except that a web page (HTML, SVG) or a program by name or declared type is 415, as is a type that is not allowed. A refused file leaves nothing in the store.',
  tag: 'files',
  query: t.Object({
    uploaded_by: t.Optional(
      t.Unsafe<string>({
        ...UserId,
        default: 'anonymous',
        description: 'The user who uploads; proven by the token with AUTH_SECRET set',
      }),
    ),
    room_id: t.Optional(
      t.String({
        pattern: '^[A-Za-z0-9._-]{0,50}$',
        default: 'general',
        description: 'The room it is for; empty for none',
        examples: ['general'],
      }),
    ),
  }),
  form: t.Object({ file: t.File({ description: 'The file, with its name' }) }),
  answers: { 201: t.Object(FileView.properties, { ...FileView, description: 'The file is stored, for good' }) },
  errors: [
    errors.unauthenticated,
    errors.forbidden,
    errors.too_large,
    errors.too_slow,
    errors.wrong_media_type,
    errors.invalid_input,
    errors.storage_unavailable,
    errors.overloaded,
  ],
});

export const listFiles = endpoint({
  method: 'GET',
  path: '/files',
  summary: 'List files',
  description: 'Newest first. `before` pages through older ones.',
  tag: 'files',
  query: t.Object({
    room_id: t.Optional(
      t.Union([RoomId, t.Literal('')], { description: 'Only files of this room', examples: ['general'] }),
    ),
    limit: t.Optional(
      t.Integer({ minimum: 1, maximum: 200, default: 50, description: 'At most this many: 1 to 200', examples: [50] }),
    ),
    before: t.Optional(
      t.String({
        description: "Only files older than this id: the next page, after a page's last id. The file may be gone",
        examples: [exampleFile.id],
      }),
    ),
  }),
  answers: { 200: t.Array(FileView, { description: 'A page of files, newest first', examples: [[exampleFile]] }) },
  errors: [errors.unauthenticated, errors.invalid_input, errors.storage_unavailable],
});

export const getFile = endpoint({
  method: 'GET',
  path: '/:id',
  summary: 'One file',
  description: 'The metadata of a file, without its bytes.',
  tag: 'files',
  params: oneFile,
  answers: { 200: FileView },
  errors: [errors.unauthenticated, errors.unknown_file, errors.invalid_input, errors.storage_unavailable],
});

export const deleteFile = endpoint({
  method: 'DELETE',
  path: '/:id',
  summary: 'Delete a file',
  description:
    "For good, with its thumbnail; only its uploader's. Another's file and an absent one answer 404 alike, so 404 to a retry means that the file is gone. After 503 the same request completes the deletion.",
  tag: 'files',
  params: oneFile,
  query: t.Object({
    user_id: t.Unsafe<string>({
      ...UserId,
      description: 'Who deletes: the uploader of the file; proven by the token with AUTH_SECRET set',
    }),
  }),
  answers: {
    200: t.Object(
      { status: t.Literal('deleted', { description: 'It is gone' }), id: FileId },
      { description: 'The file is deleted', examples: [{ status: 'deleted', id: exampleFile.id }] },
    ),
  },
  errors: [
    errors.unauthenticated,
    errors.forbidden,
    errors.unknown_file,
    errors.invalid_input,
    errors.storage_unavailable,
  ],
});

const etag = `"${exampleFile.sha256}"`;
const lastModified = 'Sat, 31 Jan 2026 12:00:00 GMT';

const DownloadHeaders = t.Object({
  range: t.Optional(
    t.String({ description: 'One range of bytes: 206, or 416 behind the end', examples: ['bytes=0-99'] }),
  ),
  'if-range': t.Optional(
    t.String({
      description: 'The ETag for which `Range` holds; for any other the answer is the whole file',
      examples: [etag],
    }),
  ),
  'if-none-match': t.Optional(
    t.String({ description: 'ETags of copies: 304 when one is this file', examples: [etag] }),
  ),
  'if-modified-since': t.Optional(
    t.String({ description: 'The time of a copy: 304 when it is no older than the file', examples: [lastModified] }),
  ),
});

const bytes = (type: string, description: string, example: string) => ({
  content: { [type]: { schema: { type: 'string' as const, format: 'binary' as const, description }, example } },
});
const wholeFile = bytes('*/*', 'The bytes', 'hello');

const downloadErrors = [
  errors.unauthenticated,
  errors.forbidden,
  errors.unknown_file,
  errors.range_not_satisfiable,
  errors.invalid_input,
  errors.storage_unavailable,
] as const;

export const downloadFile = download({
  method: 'GET',
  path: '/:id/download',
  summary: 'Download a file',
  description:
    'The bytes, with `Range`, `ETag` and `If-None-Match`. Images, PDF and text are shown by a browser, other types saved; nothing in them can run. A request with `HX-Request` is refused: no file is swapped into a page.',
  tag: 'files',
  params: oneFile,
  headers: DownloadHeaders,
  responses: {
    200: { description: 'The whole file', ...wholeFile },
    206: { description: 'The range, with `Content-Range`', ...wholeFile },
    304: { description: "The client's copy is good" },
  },
  errors: downloadErrors,
});

export const readDownloadHeaders = download({
  method: 'HEAD',
  path: '/:id/download',
  summary: "A download's headers",
  description: 'What `GET` would answer, without the bytes.',
  tag: 'files',
  params: oneFile,
  headers: DownloadHeaders,
  responses: {
    200: { description: 'The whole file' },
    206: { description: 'The range, with `Content-Range`' },
    304: { description: "The client's copy is good" },
  },
  errors: downloadErrors,
});

export const downloadThumbnail = download({
  method: 'GET',
  path: '/:id/thumbnail',
  summary: "An image's thumbnail",
  description: `A WebP of at most ${THUMBNAIL_PIXELS} x ${THUMBNAIL_PIXELS} pixels, upright, without the original's metadata; the first frame of an animation. 404 when the file is no image, or one that can't be decoded.`,
  tag: 'files',
  params: oneFile,
  headers: t.Object({
    'if-none-match': t.Optional(
      t.String({
        description: 'ETags of copies: 304 when one is this thumbnail',
        examples: [`"${exampleFile.sha256}-${THUMBNAIL_PIXELS}"`],
      }),
    ),
  }),
  responses: {
    200: { description: 'The thumbnail', ...bytes(THUMBNAIL_TYPE, 'The picture', 'RIFF') },
    304: { description: "The client's copy is good" },
  },
  errors: [
    errors.unauthenticated,
    errors.forbidden,
    errors.unknown_file,
    errors.not_found,
    errors.invalid_input,
    errors.storage_unavailable,
    errors.overloaded,
  ],
});
