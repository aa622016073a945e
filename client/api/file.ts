// Made by `bun run docs` from the contracts of the services. Change those instead.

import { endpoint } from '../endpoint.ts';

/** The metadata of a file */
export interface FileView {
  /** The id of a file, a UUID of version 7: ids sort by time of creation */
  id: string;
  /** The sender's name for it, without folders */
  original_name: string;
  /** Its type, judged by its bytes */
  content_type: string;
  /** Its size in bytes */
  size_bytes: number;
  /** A user id: 1 to 100 characters of any script, no control characters */
  uploaded_by: string;
  /** The room it was uploaded to; null for none */
  room_id: string | null;
  /** ISO 8601, UTC */
  created_at: string;
  /** Where its bytes are, on the one origin */
  download_url: string;
  /** SHA-256 of its bytes, in hex */
  sha256: string;
  /** An image's width in pixels, as shown; else null */
  width: number | null;
  /** An image's height in pixels, as shown; else null */
  height: number | null;
  /** A small WebP of an image, at most 480 pixels; else null */
  thumbnail_url: string | null;
}

export interface DeleteFileArgs {
  /** The id of a file, a UUID of version 7: ids sort by time of creation */
  id: string;
  /** Who deletes: the uploader of the file; proven by the token with AUTH_SECRET set */
  user_id: string;
}
/**
 * Delete a file. For good, with its thumbnail; only its uploader's. Another's file and an absent one answer 404 alike, so 404 to a
 * retry means that the file is gone. After 503 the same request completes the deletion.
 */
export const deleteFile = /* @__PURE__ */ endpoint<
  DeleteFileArgs,
  {
    /** It is gone */
    status: 'deleted';
    /** The id of a file, a UUID of version 7: ids sort by time of creation */
    id: string;
  }
>({ service: 'file', method: 'DELETE', path: '/:id' });

export interface GetFileArgs {
  /** The id of a file, a UUID of version 7: ids sort by time of creation */
  id: string;
}
/** One file. The metadata of a file, without its bytes. */
export const getFile = /* @__PURE__ */ endpoint<GetFileArgs, FileView>({
  service: 'file',
  method: 'GET',
  path: '/:id',
});

export interface ListFilesArgs {
  /** Only files of this room */
  room_id?: string | '' | undefined;
  /** At most this many: 1 to 200 */
  limit?: number | undefined;
  /** Only files older than this id: the next page, after a page's last id. The file may be gone */
  before?: string | undefined;
}
/** List files. Newest first. `before` pages through older ones. */
export const listFiles = /* @__PURE__ */ endpoint<ListFilesArgs, FileView[]>({
  service: 'file',
  method: 'GET',
  path: '/files',
});

/** Health. Answers 200 while the process lives; each backing service is a further field. */
export const readHealth = /* @__PURE__ */ endpoint<
  Record<string, never>,
  {
    /** Always healthy: the process answers */
    status: 'healthy';
    /** Which service this is */
    service: string;
    [name: string]: string;
  }
>({ service: 'file', method: 'GET', path: '/health' });

export interface UploadFileArgs {
  /** The user who uploads; proven by the token with AUTH_SECRET set */
  uploaded_by?: string | undefined;
  /** The room it is for; empty for none */
  room_id?: string | undefined;
  /** The file, with its name */
  file: Blob;
}
/**
 * Upload a file. Accepts one file. The bytes decide its type; the declared type decides nothing, except that a web page (HTML, SVG)
 * or a program by name or declared type is 415, as is a type that is not allowed. A refused file leaves nothing in the store.
 */
export const uploadFile = /* @__PURE__ */ endpoint<UploadFileArgs, FileView>({
  service: 'file',
  method: 'POST',
  path: '/upload',
  query: ['uploaded_by', 'room_id'],
  form: ['file'],
});
