/** HTTP's rules for a download: conditions and ranges (RFC 9110) and safe headers. Pure. */
import { create as dispositionOf } from 'content-disposition';
import type { StoredFile } from '../files/rules.ts';
import type { ByteRange } from '../objects/store.ts';

/**
 * A copy is used only after asking the service (304 without the bytes): content never changes under its id, but a deletion must
 * reach the copies too.
 */
export const CACHE_CONTROL = 'private, no-cache';

/** Nothing in a downloaded file may run, load or send anything, also when it is opened by its address. */
const CONTENT_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'";

/** For every answer that carries bytes a user chose: nothing in them runs, and they are of no other type than they say. */
export const CONTENT_SAFETY = {
  'content-security-policy': CONTENT_POLICY,
  'x-content-type-options': 'nosniff',
} as const;

const INLINE = /^(image\/(jpeg|png|gif|webp)|application\/pdf|text\/plain)$/;

const isInline = (contentType: string): boolean => INLINE.test(contentType);

export const etagOf = ({ sha256 }: Pick<StoredFile, 'sha256'>): string => `"${sha256}"`;

/** The value of the `Last-Modified` header. HTTP dates have no milliseconds. */
const lastModifiedOf = ({ createdAt }: Pick<StoredFile, 'createdAt'>): string => createdAt.toUTCString();

/** The headers of every answer about a file's bytes, 304 included. */
export const cacheHeaders = (file: StoredFile): Record<string, string> => ({
  etag: etagOf(file),
  'last-modified': lastModifiedOf(file),
  'cache-control': CACHE_CONTROL,
});

/** Text in a code page that only its author knows carries no charset: a browser guesses it. */
const typeOf = ({ contentType, charset }: StoredFile): string =>
  contentType.startsWith('text/') && charset !== '8-bit'
    ? `${contentType}; charset=${charset ?? 'utf-8'}`
    : contentType;

export const contentHeaders = (file: StoredFile): Record<string, string> => ({
  ...cacheHeaders(file),
  'accept-ranges': 'bytes',
  'content-type': typeOf(file),
  'content-disposition': dispositionOf(file.originalName, {
    type: isInline(file.contentType) ? 'inline' : 'attachment',
  }),
  ...CONTENT_SAFETY,
});

const opaque = (etag: string): string => etag.trim().replace(/^W\//, '');

/** Whether `If-None-Match` names this content; undefined when it isn't there. */
export const etagMatches = (headers: Headers, etag: string): boolean | undefined => {
  const known = headers.get('if-none-match');
  if (known === null) return undefined;
  return known.trim() === '*' || known.split(',').some((one) => opaque(one) === etag);
};

/** Whether the client's copy is good: answer 304. `If-None-Match` goes before `If-Modified-Since`. */
export const isNotModified = (headers: Headers, file: Pick<StoredFile, 'sha256' | 'createdAt'>): boolean => {
  const isKnown = etagMatches(headers, etagOf(file));
  if (isKnown !== undefined) return isKnown;
  const since = Date.parse(headers.get('if-modified-since') ?? '');
  return since >= Date.parse(lastModifiedOf(file));
};

/** Whether a range may be answered: `If-Range` is absent, or names exactly this content. */
const isRangeOfThis = (headers: Headers, file: Pick<StoredFile, 'sha256' | 'createdAt'>): boolean => {
  const condition = headers.get('if-range')?.trim();
  return condition === undefined || condition === etagOf(file) || condition === lastModifiedOf(file);
};

/**
 * The range a request asks for: undefined for the whole (no range, several, a bad one, another unit, a failed `If-Range`), and
 * `unsatisfiable` when it begins behind the end.
 */
export const rangeOf = (
  headers: Headers,
  file: Pick<StoredFile, 'sha256' | 'createdAt' | 'sizeBytes'>,
): ByteRange | 'unsatisfiable' | undefined => {
  const [, first, last] = /^bytes=\s*(\d{0,15})-(\d{0,15})\s*$/i.exec(headers.get('range') ?? '') ?? [];
  if (first === undefined || last === undefined || first + last === '' || !isRangeOfThis(headers, file))
    return undefined;
  const size = file.sizeBytes;
  if (first === '')
    return Number(last) === 0 ? 'unsatisfiable' : { start: Math.max(size - Number(last), 0), end: size };
  const start = Number(first);
  const end = last === '' ? size : Math.min(Number(last) + 1, size);
  if (last !== '' && Number(last) < start) return undefined;
  return start < size ? { start, end } : 'unsatisfiable';
};
