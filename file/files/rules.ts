/** What a file is: over HTTP, as a row, and by which rules the one becomes the other. Pure. */
import { RoomId, Time, UserId } from '@parley/kit/text/text';
import { t } from 'elysia';
import type { files } from '../db/schema.ts';

export const exampleFile = {
  id: '019c1346-2200-7000-8000-5f1d3c2b1a00',
  original_name: 'build.png',
  content_type: 'image/png',
  size_bytes: 48_213,
  uploaded_by: 'alice',
  room_id: 'general',
  created_at: '2026-01-31T12:00:00.000Z',
  download_url: '/api/files/019c1346-2200-7000-8000-5f1d3c2b1a00/download',
  sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  width: 1280,
  height: 720,
  thumbnail_url: '/api/files/019c1346-2200-7000-8000-5f1d3c2b1a00/thumbnail',
};

export const FileId = t.String({
  description: 'The id of a file, a UUID of version 7: ids sort by time of creation',
  examples: [exampleFile.id],
});

const orNull = <T extends Parameters<typeof t.Union>[0][number]>(schema: T, options: { description: string }) =>
  t.Union([schema, t.Null()], options);

export const FileView = t.Object(
  {
    id: FileId,
    original_name: t.String({ description: "The sender's name for it, without folders", examples: ['build.png'] }),
    content_type: t.String({ description: 'Its type, judged by its bytes', examples: ['image/png'] }),
    size_bytes: t.Integer({ minimum: 1, description: 'Its size in bytes', examples: [48_213] }),
    uploaded_by: UserId,
    room_id: orNull(RoomId, { description: 'The room it was uploaded to; null for none' }),
    created_at: Time,
    download_url: t.String({
      description: 'Where its bytes are, on the one origin',
      examples: [exampleFile.download_url],
    }),
    sha256: t.String({ description: 'SHA-256 of its bytes, in hex', examples: [exampleFile.sha256] }),
    width: orNull(t.Integer(), { description: "An image's width in pixels, as shown; else null" }),
    height: orNull(t.Integer(), { description: "An image's height in pixels, as shown; else null" }),
    thumbnail_url: orNull(t.String(), { description: 'A small WebP of an image, at most 480 pixels; else null' }),
  },
  { description: 'The metadata of a file', examples: [exampleFile] },
);
export type FileView = typeof FileView.static;

export type StoredFile = typeof files.$inferSelect;

/** The encoding of a text file. */
export type Charset = NonNullable<StoredFile['charset']>;

/** What an upload learns of a file while it receives the bytes. */
export type ReceivedFile = Pick<
  StoredFile,
  'objectId' | 'contentType' | 'charset' | 'sizeBytes' | 'sha256' | 'width' | 'height'
>;

const IMAGE_TYPES = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp']);

/** Whether files of this type have a size in pixels and a thumbnail. */
export const isImage = (contentType: string): boolean => IMAGE_TYPES.has(contentType);

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a text has the form of an id. */
export const isFileId = (text: string): boolean => UUID.test(text);

const MAX_NAME_CHARACTERS = 255;
const NAMELESS = 'file';
/** Control characters, and characters that change the reading direction of the text around the name. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this finds
const UNSHOWN = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** A sender's file name without folders and invisible characters, cut to 255 characters; its ending is kept. */
export const cleanName = (name: string): string => {
  const base = name.toWellFormed().split(/[\\/]/).at(-1) ?? '';
  const characters = [...base.replace(UNSHOWN, '').trim()];
  if (characters.length === 0) return NAMELESS;
  if (characters.length <= MAX_NAME_CHARACTERS) return characters.join('');
  const ending = /\.[^.]{1,20}$/.exec(base)?.[0] ?? '';
  return characters.slice(0, MAX_NAME_CHARACTERS - [...ending].length).join('') + ending;
};

export interface Upload {
  readonly received: ReceivedFile;
  readonly name: string;
  readonly uploadedBy: string;
  readonly roomId: string;
}

/** The row of a new file. @param createdAt ms since 1970; the id begins with it */
export const newFile = ({ received, name, uploadedBy, roomId }: Upload, createdAt: number): StoredFile => ({
  ...received,
  id: Bun.randomUUIDv7('hex', createdAt),
  originalName: cleanName(name),
  uploadedBy,
  roomId: roomId || null,
  createdAt: new Date(createdAt),
});

/** The path of this service at the gateway. */
const PUBLIC_PATH = '/api/files';

export const viewOf = (file: StoredFile): FileView => ({
  id: file.id,
  original_name: file.originalName,
  content_type: file.contentType,
  size_bytes: file.sizeBytes,
  uploaded_by: file.uploadedBy,
  room_id: file.roomId,
  created_at: file.createdAt.toISOString(),
  download_url: `${PUBLIC_PATH}/${file.id}/download`,
  sha256: file.sha256,
  width: file.width,
  height: file.height,
  thumbnail_url: isImage(file.contentType) ? `${PUBLIC_PATH}/${file.id}/thumbnail` : null,
});
