/** Decisions about files, without I/O. */
import type { files } from '../db/schema.ts';
import { isImage } from '../images/image.ts';
import type { ReceivedFile } from '../upload/receive.ts';
import type { FileView } from './file.ts';

export type StoredFile = typeof files.$inferSelect;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a file could have this id at all. */
export const isFileId = (text: string): boolean => UUID.test(text);

const MAX_NAME_CHARACTERS = 255;
const NAMELESS = 'file';
/** Control characters, and those that turn the reading direction of the names around them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this finds
const UNSHOWN = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** A sender's file name without folders and without what can't be shown or stored; at most 255 characters, the ending kept. */
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

/** A new file's row. @param createdAt when, in ms since 1970; its id begins with it */
export const compose = ({ received, name, uploadedBy, roomId }: Upload, createdAt: number): StoredFile => ({
  ...received,
  id: Bun.randomUUIDv7('hex', createdAt),
  originalName: cleanName(name),
  uploadedBy,
  roomId: roomId || null,
  createdAt: new Date(createdAt),
});

/** The gateway's address of this service. */
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
