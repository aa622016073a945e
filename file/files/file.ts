/** The noun: what a file looks like over HTTP. */
import { RoomId, Time, UserId } from '@parley/kit/text/text';
import { t } from 'elysia';

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
  { description: 'What is known of a file', examples: [exampleFile] },
);
export type FileView = typeof FileView.static;
